package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How Keyturn proves to an identity provider's token endpoint which client it is.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1">RFC 6749, section 2.3.1</a>
 */
public enum ClientAuthentication {
  CLIENT_SECRET_POST,
  CLIENT_SECRET_BASIC,
  PRIVATE_KEY_JWT,
  NONE;

  /** The setting that names one. */
  static final String FIELD = "token_endpoint_auth_method";

  /** The registered spelling, such as {@code client_secret_post}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that spelling, if it is one that is known here. */
  static Optional<ClientAuthentication> of(String wire) {
    return Stream.of(values()).filter(method -> method.wire().equals(wire)).findFirst();
  }

  /** Reads the setting. */
  static ClientAuthentication read(Settings settings, ClientAuthentication usual) {
    var words = Stream.of(values()).map(ClientAuthentication::wire).collect(Collectors.toSet());
    return of(settings.word(FIELD, usual.wire(), words)).orElse(usual);
  }

  /**
   * Puts who we are into the {@code form} or the {@code headers} of a token request. What {@link
   * SignedProofs} sign comes besides.
   */
  void prove(
      String clientId, String secret, Map<String, String> form, Map<String, String> headers) {
    if (this == CLIENT_SECRET_BASIC) {
      var pair = encoded(clientId) + ":" + encoded(secret);
      var bytes = pair.getBytes(StandardCharsets.UTF_8);
      headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
      return;
    }
    form.put("client_id", clientId);
    if (this == CLIENT_SECRET_POST) {
      form.put("client_secret", secret);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
