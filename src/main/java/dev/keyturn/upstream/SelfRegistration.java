package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * How Keyturn registers itself at a provider, in place of a client id that somebody wrote down.
 *
 * @param place stands for the provider's side of it: one of the following two, or the issuer
 * @param discovery the document that names the registration endpoint, where it is not the
 *     provider's own
 * @param endpoint the registration endpoint, if it was written down
 * @param initialAccessToken without which some providers register nobody
 * @param authentication how Keyturn wants to prove itself; empty: as the provider prefers
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3">RFC 7591, section 3</a>
 */
public record SelfRegistration(
    URI place,
    Optional<URI> discovery,
    Optional<URI> endpoint,
    Optional<Secret> initialAccessToken,
    Optional<ClientAuthentication> authentication,
    Software software) {
  /** What it asks for that is its own, as part of {@link Registration#purpose}. */
  String purpose() {
    return authentication.map(ClientAuthentication::wire).orElse("")
        + " "
        + software.id().orElse("");
  }

  /**
   * What the software says of itself.
   *
   * @param name what people read at the provider
   * @param id the same wherever the software registers
   * @param statement signed by somebody whom the provider believes; it is no secret
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2.3">RFC 7591, section 2.3</a>
   */
  public record Software(String name, Optional<String> id, Optional<String> statement) {}
}
