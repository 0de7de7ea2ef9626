package dev.keyturn.gateway;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;
import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.oauth.OAuthError;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * The access token of a request, which only the {@code Authorization} header may carry.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-2">RFC 6750, section 2</a>
 */
public final class BearerToken {
  /** The refusal of a request without a token; its challenge names no error. */
  public static final OAuthError MISSING =
      new OAuthError(INVALID_TOKEN, "an access token is required");

  private static final Pattern BEARER = Pattern.compile("(?i)bearer(?: .*)?");
  private static final Pattern TOKEN = Pattern.compile("(?i)bearer +([A-Za-z0-9._~+/-]+=*) *");

  private BearerToken() {}

  /** The token, or the refusal of a request that has none or says it in a forbidden way. */
  public static String of(HttpServerRequest request) {
    if (isInQuery(request)) {
      throw INVALID_REQUEST.because("an access token must not be in the query");
    }
    var headers = request.headers().getAll("Authorization");
    if (headers.size() > 1) {
      throw INVALID_REQUEST.because("Authorization must not be repeated");
    }
    if (headers.isEmpty() || !BEARER.matcher(headers.get(0)).matches()) {
      throw MISSING.code().because(MISSING.description());
    }
    var token = TOKEN.matcher(headers.get(0));
    if (!token.matches()) {
      throw INVALID_TOKEN.because("the access token is malformed");
    }
    return token.group(1);
  }

  private static boolean isInQuery(HttpServerRequest request) {
    var query = request.query();
    return query != null
        && Arrays.stream(query.split("[&;]"))
            .map(parameter -> parameter.split("=", 2)[0])
            .anyMatch(BearerToken::isAccessToken);
  }

  private static boolean isAccessToken(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8).equals("access_token");
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
