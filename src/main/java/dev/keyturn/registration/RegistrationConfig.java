package dev.keyturn.registration;

import dev.keyturn.client.RegisteredClients;
import dev.keyturn.config.Settings;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.secrets.SecretReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether strangers may register, and how far they are trusted.
 *
 * @param initialAccessToken what they must know; empty: nothing
 * @param unusedTtl how long a record lives that was never used
 * @param maxClients the most new records within {@code unusedTtl}
 * @param scopes the ceiling of what strangers are granted; empty: no ceiling
 * @param schemes private-use schemes without a dot that redirect URIs may have
 * @param confidential whether any of them may have a secret
 */
public record RegistrationConfig(
    boolean enabled,
    Optional<InitialAccessToken> initialAccessToken,
    Duration unusedTtl,
    int maxClients,
    Scopes scopes,
    Set<String> schemes,
    ConfidentialRegistration confidential) {
  private static final Duration UNUSED_TTL = Duration.ofHours(24);
  private static final int MAX_CLIENTS = 10_000;

  public RegistrationConfig {
    schemes = Set.copyOf(schemes);
  }

  /** What holds for whoever registered. */
  public RegisteredClients.Rules rules() {
    return new RegisteredClients.Rules(unusedTtl, scopes, confidential.allowed());
  }

  /** Reads the mapping {@code registration} of the whole configuration, and what stands beside. */
  public static Optional<RegistrationConfig> from(Settings all, SecretReader secrets) {
    var settings = all.child("registration");
    var confidential = ConfidentialRegistration.from(all);
    var enabled = settings.flag("enabled", true);
    var token = InitialAccessToken.from(settings, secrets);
    var unusedTtl =
        settings.duration("unused_ttl", UNUSED_TTL, Duration.ofMinutes(1), Duration.ofDays(30));
    var maxClients = settings.number("max_clients", MAX_CLIENTS, 1, 10_000_000);
    var scopes = scopes(settings);
    var schemes = schemes(settings);
    return settings.build(
        () ->
            new RegistrationConfig(
                enabled,
                token,
                unusedTtl,
                maxClients,
                Scopes.of(scopes),
                schemes.isEmpty() ? RedirectUri.EDITOR_SCHEMES : Set.copyOf(schemes),
                confidential));
  }

  private static List<String> scopes(Settings settings) {
    var scopes =
        settings.texts("scopes", Scopes::isToken, "must be one scope, without blanks or quotes");
    if (scopes.size() > 100) {
      settings.refuse("scopes", "must be at most 100 scopes");
    }
    return scopes;
  }

  /** A scheme is fine if a redirect URI that has it would be. */
  private static List<String> schemes(Settings settings) {
    return settings.texts(
        "schemes",
        scheme ->
            scheme.matches("[a-z][a-z0-9+.-]{0,63}")
                && RedirectUri.complaintAbout(scheme + ":/", Set.of(scheme)).isEmpty(),
        "must be a private-use scheme in lower case, such as cursor");
  }
}
