package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp.Answer;
import java.util.Set;

/**
 * What a token answer says of the proof that the request came with.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
 */
enum ProofVerdict {
  /** The provider knows no such client by such a proof. */
  REFUSED,
  /** There are tokens, so the client was believed. */
  ACCEPTED,
  /** Nothing: a refused code says too little of whom the provider took the sender for. */
  UNTOLD;

  private static final Set<String> NOBODY =
      Set.of("invalid_client", "incorrect_client_credentials");
  private static final Set<String> STRANGER =
      Set.of("invalid_client", "unauthorized_client", "incorrect_client_credentials");

  static ProofVerdict of(Answer answer) {
    var parsed = TokenAnswer.parse(answer);
    var error = parsed.flatMap(TokenAnswer::error);
    if (error.filter(ProofVerdict::isStranger).isPresent() && answer.status() < 500) {
      return REFUSED;
    }
    return parsed.isPresent() && error.isEmpty() && answer.status() / 100 == 2 ? ACCEPTED : UNTOLD;
  }

  /** Whether the answer says that there is no client of such a name and proof. */
  static boolean isOfNobody(Answer answer) {
    return TokenAnswer.parse(answer)
        .flatMap(TokenAnswer::error)
        .filter(NOBODY::contains)
        .isPresent();
  }

  /** Whether the error of that name says that the client is not known by its proof. */
  static boolean isStranger(String name) {
    return STRANGER.contains(name);
  }
}
