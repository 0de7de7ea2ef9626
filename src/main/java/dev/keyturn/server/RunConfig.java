package dev.keyturn.server;

import dev.keyturn.authorize.Offer;
import dev.keyturn.client.PreRegisteredClients;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.gateway.Backend;
import dev.keyturn.keys.SigningKeys;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.registration.RegistrationConfig;
import dev.keyturn.token.Lifespans;
import dev.keyturn.upstream.UpstreamConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a server is made from, with every secret resolved.
 *
 * @param browser where browsers find us, where that is not the issuer
 * @param upstream who logs people in
 */
public record RunConfig(
    Issuer issuer,
    Issuer browser,
    Listen listen,
    Secrets secrets,
    UpstreamConfig upstream,
    Granting granting,
    RegistrationConfig registration,
    List<Backend> backends) {
  public RunConfig {
    backends = List.copyOf(backends);
  }

  /** The same, listening elsewhere where that is asked for. */
  public RunConfig listeningAt(Optional<String> host, Optional<Integer> port) {
    var there =
        new Listen(
            host.orElse(listen.host()),
            port.orElse(listen.port()),
            listen.managementHost(),
            listen.managementPort(),
            listen.tls());
    return new RunConfig(
        issuer, browser, there, secrets, upstream, granting, registration, backends);
  }

  /**
   * The secrets.
   *
   * @param jwksMaxAge how long others may keep our JWKS
   */
  public record Secrets(
      SigningKeys signing, Duration jwksMaxAge, HmacSecrets hmac, SealingKeys vault) {}

  /** What is granted, to whom, and for how long. */
  public record Granting(Offer offer, PreRegisteredClients clients, Lifespans lifespans) {}
}
