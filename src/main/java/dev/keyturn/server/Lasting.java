package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.AllClients;
import dev.keyturn.client.ClientAssertions;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.client.Clients;
import dev.keyturn.client.MetadataDocuments;
import dev.keyturn.client.Presence;
import dev.keyturn.client.RegisteredClients;
import dev.keyturn.gateway.KnownAccounts;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.http.Pages;
import dev.keyturn.http.RateLimits;
import dev.keyturn.keys.Signatures;
import dev.keyturn.logout.Aftermath;
import dev.keyturn.logout.ClientNotices;
import dev.keyturn.logout.LastUse;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.token.Denials;
import dev.keyturn.token.JwtVerifier;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.PresentClientVerifier;
import dev.keyturn.token.Sessions;
import dev.keyturn.token.TokenVerifier;
import dev.keyturn.upstream.ConfiguredUpstream;
import dev.keyturn.upstream.UpstreamConfig;
import dev.keyturn.upstream.UpstreamOverBus;
import dev.keyturn.user.Strikes;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Seals;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultEntries;
import dev.keyturn.vault.VaultMeans;
import dev.keyturn.vault.VaultUpstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What outlives a change of the configuration: everything that remembers.
 *
 * <p>Refreshes under way, opened tokens, denials that were looked up and keys that were timed would
 * be forgotten if they were made anew; so they are made once, and ask for what is in force.
 */
final class Lasting {
  private static final Duration CLOSE_AFTER = Duration.ofMinutes(1);

  private final Means means;
  private final Audit audit;
  private final Supplier<InForce> inForce;
  private final Signatures signatures;
  private final Denials denials;
  private final Vault vault;
  private final KnownAccounts accounts = new KnownAccounts();
  private final Pages pages;
  private final JwtGuard guard;
  private final Presence presence;
  private final RateLimits limits;
  private final Aftermath aftermath;
  private final Vertx vertx;
  private final BusNames names;
  private final Additions additions;
  private Optional<ClientLookups> lookups = Optional.empty();

  /**
   * @param inForce what is in force at the moment
   */
  Lasting(
      Vertx vertx,
      BusNames names,
      Means means,
      Audit audit,
      Additions additions,
      Supplier<InForce> inForce) {
    var issuer = inForce.get().config().issuer();
    this.vertx = vertx;
    this.names = names;
    this.means = means;
    this.audit = audit;
    this.additions = additions;
    this.inForce = inForce;
    this.limits =
        new RateLimits(
            means.clock(),
            () -> inForce.get().config().door().perMinute(),
            new Refused(means.metrics(), audit));
    this.signatures = new Signatures(vertx, () -> inForce.get().keys().signing(), means.crypto());
    this.denials =
        new Denials(
            means.store(),
            () -> inForce.get().longestDenial(),
            () -> inForce.get().config().granting().maxStale(),
            means.clock());
    this.vault =
        new Vault(
            new VaultEntries(
                means.store(),
                new Seals(
                    () -> inForce.get().keys().vault(),
                    () -> inForce.get().config().secrets().watching().propagation(),
                    means.clock(),
                    audit),
                () -> inForce.get().config().granting().lifespans().session()),
            this::upstreams,
            new VaultMeans(means.clock(), means.random(), this::pause, audit));
    this.presence = new Presence(() -> clients(inForce.get().config()), means.clock());
    this.pages = Pages.create(vertx, inForce.get().config().browser());
    this.aftermath = aftermath(issuer);
    this.guard = new JwtGuard(vertx, () -> inForce.get().keys().signing(), issuer, verifier());
  }

  Means means() {
    return means;
  }

  Audit audit() {
    return audit;
  }

  Additions additions() {
    return additions;
  }

  Signatures signatures() {
    return signatures;
  }

  Denials denials() {
    return denials;
  }

  Vault vault() {
    return vault;
  }

  KnownAccounts accounts() {
    return accounts;
  }

  Pages pages() {
    return pages;
  }

  RateLimits limits() {
    return limits;
  }

  JwtGuard guard() {
    return guard;
  }

  /** What follows when a session has ended. */
  Aftermath aftermath() {
    return aftermath;
  }

  private Aftermath aftermath(Issuer issuer) {
    var post =
        new LogoutPost(
            new OutgoingHttp(vertx, new OutgoingHttp.Reach(false, true, true)),
            () -> lookups(inForce.get().config()).fetch());
    var users = new Users(means.store(), means.clock());
    return new Aftermath(
        new LastUse(users, this::plainSessions, vault, lifespans().code(), means.clock()),
        new ClientNotices(
            issuer,
            signatures,
            new ClientNotices.Means(
                id -> clients(inForce.get().config()).find(id),
                post,
                this::pause,
                audit,
                means.random(),
                means.clock())),
        new Strikes(users));
  }

  /** Sessions that are only looked at. */
  private Sessions plainSessions() {
    return new Sessions(means.store(), denials, lifespans(), means.clock());
  }

  private Lifespans lifespans() {
    return inForce.get().config().granting().lifespans();
  }

  /** Judges access tokens by the keys of the moment. */
  TokenVerifier verifier() {
    return new PresentClientVerifier(
        new JwtVerifier(inForce.get().config().issuer(), signatures, denials, means.clock()),
        presence);
  }

  /** The same, asking the store about each token. */
  TokenVerifier exactVerifier() {
    return new PresentClientVerifier(
        JwtVerifier.askingTheStore(
            inForce.get().config().issuer(), signatures, denials, means.clock()),
        presence);
  }

  /** The clients of a configuration; those whose word counts most come first. */
  Clients clients(RunConfig config) {
    var kinds = new ArrayList<Clients>();
    kinds.add(config.granting().clients());
    if (config.granting().documents().enabled()) {
      kinds.add(
          new MetadataDocuments(
              lookups(config).documents(),
              means.store(),
              means.clock(),
              config.granting().lifespans().session(),
              config.registration().scopes()));
    }
    if (config.registration().enabled()) {
      kinds.add(registered(config));
    }
    return new AllClients(kinds);
  }

  /** How the clients of a configuration prove who they are. */
  ClientAuthentication authentication(RunConfig config) {
    return new ClientAuthentication(
        clients(config),
        new ClientAssertions(
            config.issuer(), lookups(config).keys(), means.store(), vertx, means.clock()));
  }

  /** What looks up clients: the same as before, unless its settings changed. */
  private synchronized ClientLookups lookups(RunConfig config) {
    var documents = config.granting().documents();
    var schemes = config.registration().schemes();
    var found =
        lookups
            .filter(known -> known.isFor(documents, schemes))
            .orElseGet(() -> ClientLookups.of(vertx, documents, schemes, audit, means.clock()));
    lookups.filter(replaced -> !replaced.equals(found)).ifPresent(this::closeLater);
    lookups = Optional.of(found);
    return found;
  }

  /** When nothing can be under way there any more. */
  private void closeLater(ClientLookups replaced) {
    vertx.setTimer(CLOSE_AFTER.toMillis(), later -> replaced.close());
  }

  /** The clients that registered. */
  RegisteredClients registered(RunConfig config) {
    return new RegisteredClients(means.store(), means.clock(), config.registration().rules());
  }

  /** The way to the identity provider of that name. */
  UpstreamOverBus upstream(String name) {
    return new UpstreamOverBus(vertx, names.prefix(), name);
  }

  private Map<String, VaultUpstream> upstreams() {
    return inForce.get().config().upstreams().stream()
        .map(ConfiguredUpstream::config)
        .collect(Collectors.toMap(UpstreamConfig::name, this::inVault));
  }

  private VaultUpstream inVault(UpstreamConfig config) {
    var registration = config.registration();
    if (registration.self().isPresent()) {
      return VaultUpstream.registering(upstream(config.name()), registration.rotates());
    }
    return VaultUpstream.of(
        upstream(config.name()), registration.clientId(), registration.rotates());
  }

  private Future<Void> pause(Duration time) {
    return vertx.timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
