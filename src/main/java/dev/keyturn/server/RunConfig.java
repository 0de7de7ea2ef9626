package dev.keyturn.server;

import dev.keyturn.authorize.AuthorizeEndpoints;
import dev.keyturn.authorize.ConsentConfig;
import dev.keyturn.authorize.Offer;
import dev.keyturn.client.DocumentsConfig;
import dev.keyturn.client.PreRegisteredClients;
import dev.keyturn.gateway.Backend;
import dev.keyturn.keys.Declared;
import dev.keyturn.keys.SigningKey;
import dev.keyturn.keys.Timing;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.registration.RegistrationConfig;
import dev.keyturn.secrets.SecretsConfig;
import dev.keyturn.store.redis.RedisAccess;
import dev.keyturn.token.Lifespans;
import dev.keyturn.upstream.ConfiguredUpstream;
import dev.keyturn.upstream.UpstreamConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a server is made from, with every secret resolved.
 *
 * @param browser where browsers find us, where that is not the issuer
 * @param upstreams who logs people in, the first one before all others
 * @param storage where a server of its own keeps what must outlive a request; an embedder hands in
 *     a store
 * @param pendingRestart the settings that were changed while the server ran and wait for a restart
 * @param revision what whoever wrote the document calls this state of it
 */
public record RunConfig(
    Issuer issuer,
    Issuer browser,
    Listen listen,
    Secrets secrets,
    List<ConfiguredUpstream> upstreams,
    Granting granting,
    RegistrationConfig registration,
    StorageConfig storage,
    Door door,
    List<Backend> backends,
    List<String> pendingRestart,
    Optional<String> revision) {
  public RunConfig {
    upstreams = List.copyOf(upstreams);
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("upstreams must name somebody who logs people in");
    }
    backends = List.copyOf(backends);
    pendingRestart = List.copyOf(pendingRestart);
  }

  /** The first upstream, which says who somebody is. */
  public UpstreamConfig upstream() {
    return upstreams.get(0).config();
  }

  /** What only a restart can change. */
  public Fixed fixed() {
    return new Fixed(issuer, browser, listen, storage);
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
        issuer,
        browser,
        there,
        secrets,
        upstreams,
        granting,
        registration,
        storage,
        door,
        backends,
        pendingRestart,
        revision);
  }

  /** The keys and secrets as the files hold them, for whoever decides which are at work. */
  public Declared declared() {
    var lives = granting.lifespans();
    var timing =
        new Timing(
            secrets.publishBeforeUse(),
            secrets.watching().propagation(),
            lives.accessToken(),
            lives.session(),
            AuthorizeEndpoints.LONGEST_FORM);
    return new Declared(
        secrets.signing(),
        secrets.revoked(),
        secrets.hmac(),
        secrets.cookies(),
        secrets.vault(),
        timing);
  }

  /**
   * The secrets, each list with the one first that is to be used.
   *
   * @param revoked the ids of signing keys that must never be used again
   * @param cookies empty: made from {@code hmac}
   * @param jwksMaxAge how long others may keep our JWKS
   * @param vault empty: made from {@code hmac}
   * @param publishBeforeUse how long a signing key is published before it signs
   * @param redis what opens the store, where that is a Redis
   */
  public record Secrets(
      List<SigningKey> signing,
      Set<String> revoked,
      List<byte[]> hmac,
      List<byte[]> cookies,
      List<byte[]> vault,
      Duration jwksMaxAge,
      Duration publishBeforeUse,
      SecretsConfig watching,
      Optional<RedisAccess> redis) {
    public Secrets {
      signing = List.copyOf(signing);
      revoked = Set.copyOf(revoked);
      hmac = List.copyOf(hmac);
      cookies = List.copyOf(cookies);
      vault = List.copyOf(vault);
    }

    /** Says how many there are, and nothing of them. */
    @Override
    public String toString() {
      return "Secrets[signing=%d, hmac=%d, cookies=%d, vault=%d]"
          .formatted(signing.size(), hmac.size(), cookies.size(), vault.size());
    }
  }

  /**
   * What is granted, to whom, and for how long.
   *
   * @param recheck how old the word of the identity provider may be at a refresh
   * @param maxStale how long the last word about a revocation holds while the store is away
   */
  public record Granting(
      Offer offer,
      PreRegisteredClients clients,
      DocumentsConfig documents,
      ConsentConfig consent,
      Lifespans lifespans,
      Duration recheck,
      Duration maxStale) {}
}
