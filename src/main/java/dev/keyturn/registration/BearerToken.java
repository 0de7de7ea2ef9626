package dev.keyturn.registration;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import java.util.Optional;

/**
 * The token in the Authorization header of a registration request, and the refusal of it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750, section 2.1</a>
 */
final class BearerToken {
  private static final String BEARER = "Bearer ";

  private BearerToken() {}

  /** The token; empty if there is none, or more than one header that may hold it. */
  static Optional<String> of(Request request) {
    var headers = request.headers("Authorization");
    return Optional.of(headers)
        .filter(all -> all.size() == 1)
        .map(all -> all.get(0))
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).trim());
  }

  /** RFC 6750, section 3.1: a request without any token is told no error in the challenge. */
  static Reply refuse(boolean tokenGiven, String description) {
    return Reply.json(401, Refusals.body(INVALID_TOKEN.because(description).error()))
        .with("WWW-Authenticate", tokenGiven ? "Bearer error=\"invalid_token\"" : "Bearer");
  }
}
