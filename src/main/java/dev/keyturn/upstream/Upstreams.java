package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import dev.keyturn.secrets.SecretReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The catalogue of upstream types: what is not named here does not exist. */
public final class Upstreams {
  private static final Map<String, Type> TYPES =
      Map.of("oidc", OidcUpstream.Config::from, "oauth2", OAuth2Upstream.Config::from);

  private static final List<String> FIELDS =
      List.of("name", "identity", "login", "ask_if", "rotates", "oidc_config", "oauth2_config");

  private Upstreams() {}

  /**
   * Reads one entry of {@code upstreams}.
   *
   * @param redirectUri where the browser comes back to unless the entry says otherwise
   */
  public static Optional<? extends UpstreamConfig> read(
      Settings entry, SecretReader secrets, String redirectUri) {
    var type =
        entry.required("type").isEmpty() ? null : TYPES.get(entry.word("type", "", TYPES.keySet()));
    if (type == null) {
      FIELDS.forEach(entry::has); // Without a type nobody reads them; they are not unknown.
      return Optional.empty();
    }
    return type.read(entry, secrets, redirectUri);
  }

  /** How one type is read. */
  private interface Type {
    Optional<? extends UpstreamConfig> read(
        Settings entry, SecretReader secrets, String redirectUri);
  }
}
