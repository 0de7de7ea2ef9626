package dev.keyturn.vault;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.ClientGeneration;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps upstream tokens, and hands out an access token that is good.
 *
 * <p>An access token is refreshed when it is due, once for all requests of all processes that wait
 * for it. A definite refusal of the provider makes the entry dead; while the provider is away the
 * old token goes on as long as it lives.
 */
public final class Vault {
  private static final int SETTLED_AT_ONCE = 64;

  private final VaultEntries entries;
  private final Supplier<Map<String, VaultUpstream>> upstreams;
  private final Workings workings;
  private final Access access;
  private final Replacement replacement;
  private final Recheck recheck;
  private final Proactive proactive;
  private final GivingBack givingBack;
  private final Clock clock;

  /**
   * @param upstreams those of the moment, by name
   */
  public Vault(
      VaultEntries entries, Supplier<Map<String, VaultUpstream>> upstreams, VaultMeans means) {
    var inUse = new InUse(means.clock(), means.random());
    this.entries = entries;
    this.upstreams = upstreams;
    this.workings = Workings.of(entries, means);
    this.access = new Access(workings, new Renewals(workings, upstreams), inUse);
    this.replacement = new Replacement(workings, access);
    this.recheck = new Recheck(workings, access);
    this.proactive = new Proactive(workings, access, inUse);
    this.givingBack = new GivingBack(entries, means);
    this.clock = means.clock();
  }

  /**
   * Keeps what a login brought; a login without a refresh token keeps the one that is there.
   *
   * @param key of the very account that logged in
   */
  public Future<Void> keep(VaultKey key, UpstreamLogin login) {
    return key.isIdentityOf(login.identity()) ? enter(key, login, entries.life()) : otherAccount();
  }

  /**
   * Keeps what the login at a further upstream brought, for a person who is known by another one.
   */
  public Future<Void> link(VaultKey key, UpstreamLogin login) {
    return link(key, login, entries.life());
  }

  /** The same, and forgets it after so long unless it is {@linkplain #prolong kept for longer}. */
  public Future<Void> link(VaultKey key, UpstreamLogin login, Duration time) {
    return key.isOf(login.identity()) ? enter(key, login, time) : otherAccount();
  }

  /** Keeps the tokens of an account, if they are there, for as long as those of any other. */
  public Future<Void> prolong(VaultKey key) {
    return entries.prolong(key);
  }

  private static Future<Void> otherAccount() {
    return Future.failedFuture(new IllegalArgumentException("a login of another account"));
  }

  private Future<Void> enter(VaultKey key, UpstreamLogin login, Duration time) {
    var generation =
        login
            .client()
            .map(ClientGeneration::of)
            .or(
                () ->
                    Optional.ofNullable(upstreams.get().get(key.upstream()))
                        .map(VaultUpstream::generation))
            .orElse("");
    var brought =
        new VaultEntry(
            login.identity(), login.tokens(), RefreshState.of(generation, clock.instant()));
    return workings
        .unsettled()
        .settle(key)
        .compose(settled -> entries.enter(key, old -> Optional.of(brought.after(old)), time))
        .onSuccess(
            kept -> {
              workings.accounts().worked(key.id());
              access.close(key);
            })
        .mapEmpty();
  }

  /** Whether there are tokens of the account with which a session could begin now. */
  public Future<Boolean> holds(VaultKey key) {
    return granted(key).map(Optional::isPresent);
  }

  /** What was granted by the tokens of the account with which a session could begin now. */
  public Future<Optional<Scopes>> granted(VaultKey key) {
    return access.granted(key);
  }

  /**
   * Forgets the tokens of an account. Another process goes on with one that it has opened for a
   * minute after its last use at most, or until it expires.
   */
  public Future<Void> forget(VaultKey key) {
    return entries
        .forget(key)
        .onSuccess(
            gone -> {
              workings.unsettled().drop(key);
              access.close(key);
            });
  }

  /**
   * Forgets the tokens of an account as {@link #forget} does, and gives them back to the provider,
   * for which nobody waits. Tells whether there were any.
   */
  public Future<Boolean> revoke(VaultKey key) {
    var unwritten = workings.unsettled().view(key);
    return entries
        .take(key)
        .map(
            taken -> {
              taken.ifPresent(entry -> giveBack(key, unwritten.orElse(entry)));
              return taken.isPresent();
            });
  }

  /**
   * The same, unless the account is used. That is asked when its tokens have been looked at: those
   * of a login that comes meanwhile are others, and stay.
   */
  public Future<Boolean> revokeUnless(Supplier<Future<Boolean>> used, VaultKey key) {
    return workings
        .unsettled()
        .read(key)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(false)
                    : used.get()
                        .compose(
                            busy ->
                                busy
                                    ? Future.succeededFuture(false)
                                    : entries.delete(key, found.get().version()))
                        .onSuccess(
                            gone -> {
                              if (gone) {
                                giveBack(key, found.get().value());
                              }
                            }));
  }

  private void giveBack(VaultKey key, VaultEntry entry) {
    workings.unsettled().drop(key);
    access.close(key);
    Optional.ofNullable(upstreams.get().get(key.upstream()))
        .ifPresent(at -> givingBack.begin(key, at, entry));
  }

  /** The access token of {@link #usable}. */
  public Future<String> accessToken(VaultKey key) {
    return usable(key).map(UsableToken::value);
  }

  /**
   * An upstream access token that is good now.
   *
   * <p>Fails with {@code invalid_token} if the login upstream is gone and the person must log in
   * again, with {@code server_error} if the provider answers without meaning, and with {@code
   * UnavailableException} if it cannot be told or refreshed now.
   */
  public Future<UsableToken> usable(VaultKey key) {
    return access.usable(key).map(VaultEntry::usable);
  }

  /**
   * Another access token than {@code refused}, which some server does not take although it should
   * still be good.
   *
   * <p>There is no hope in another one so soon after the last: then it fails with {@code
   * server_error}, and for the rest like {@link #usable}.
   */
  public Future<UsableToken> insteadOf(String refused, VaultKey key) {
    return replacement.insteadOf(refused, key).map(VaultEntry::usable);
  }

  /**
   * Whether a session that began with this account may go on: the provider is asked again if its
   * last word is older than {@code age}, and only a definite no is one.
   */
  public Future<Boolean> stands(VaultKey key, Duration age) {
    return recheck.stands(key, age);
  }

  /** Is over when no refresh is under way any more: what was sent away is spent. */
  public Future<Void> rest() {
    return access.rest();
  }

  /** Does what is to be done while nobody asks; called every second or so. */
  public void tick() {
    workings.unsettled().retrySome(SETTLED_AT_ONCE);
    proactive.tick();
  }
}
