package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.user.LinkedAccount;
import dev.keyturn.user.LoginPointers;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The tokens of further accounts: in the vault as soon as they have come, listed for the person
 * when they are linked. Nobody is given what is not listed, and it does not stay for long.
 */
final class LinkedTokens {
  /** A little longer than the page is good for that asks for the person's word. */
  private static final Duration UNCONFIRMED = Arrived.LINKING.plusMinutes(5);

  private final Users users;
  private final Vault vault;
  private final LoginPointers pointers;
  private final Duration life;
  private final Audit audit;
  private final Clock clock;

  /**
   * @param life how long the vault keeps them
   */
  LinkedTokens(
      Users users, Vault vault, LoginPointers pointers, Duration life, Audit audit, Clock clock) {
    this.users = users;
    this.vault = vault;
    this.pointers = pointers;
    this.life = life;
    this.audit = audit;
    this.clock = clock;
  }

  /** Keeps what a login at a further upstream brought; tells what is listed of the person. */
  Future<User> keep(Arrived arrived, String upstream, UpstreamLogin brought) {
    var key = new VaultKey(arrived.subject(), upstream, brought.identity().account());
    var there = brought.identity().subject();
    return users
        .find(arrived.subject())
        .compose(
            user ->
                isListed(user, key)
                    ? vault.link(key, brought)
                    : vault.link(key, brought, UNCONFIRMED))
        .compose(kept -> pointers.notePerson(upstream, there, arrived.subject()))
        .compose(noted -> users.find(arrived.subject()));
  }

  /**
   * Lists an account whose tokens are there. Where that are too many, the oldest one goes, with its
   * tokens.
   *
   * @param request in which the person said so
   */
  Future<Void> link(String request, Arrived arrived, WaitingLink.Found found, String upstream) {
    var now = clock.instant();
    var linked =
        new LinkedAccount(
            upstream, found.account(), now, now.plus(life), Scopes.parse(found.asked()));
    var subject = arrived.subject();
    return users
        .change(subject, user -> Future.succeededFuture(enter(user, linked, arrived.identity())))
        .compose(surplus -> letGo(subject, surplus))
        .compose(gone -> vault.prolong(new VaultKey(subject, upstream, found.account())))
        .onSuccess(
            kept ->
                audit.tell(
                    Kind.UPSTREAM_LINKED,
                    Map.of("sub", subject, "upstream", upstream, "request", request)));
  }

  private static Users.Step<List<LinkedAccount>> enter(
      User user, LinkedAccount linked, String identity) {
    var surplus = user.surplusWith(linked, identity);
    var next = user;
    for (var oldest : surplus) {
      next = next.without(oldest);
    }
    return new Users.Step<>(next.with(linked), surplus);
  }

  private Future<Void> letGo(String subject, List<LinkedAccount> surplus) {
    return Future.join(surplus.stream().map(oldest -> letGo(subject, oldest)).toList())
        .otherwiseEmpty()
        .mapEmpty();
  }

  private Future<Void> letGo(String subject, LinkedAccount oldest) {
    audit.tell(
        Kind.UPSTREAM_DISCONNECTED,
        Map.of("sub", subject, "upstream", oldest.upstream(), "outcome", "surplus"));
    return drop(users, vault, new VaultKey(subject, oldest.upstream(), oldest.account()));
  }

  /** Whether the tokens are still there. */
  Future<Boolean> hold(Arrived arrived, String upstream, String account) {
    return vault.holds(new VaultKey(arrived.subject(), upstream, account));
  }

  /** Gives back what is not wanted, unless the account was linked before. */
  Future<Void> drop(Arrived arrived, String upstream, String account) {
    return drop(users, vault, new VaultKey(arrived.subject(), upstream, account));
  }

  /** Gives back the tokens of an account that the person does not use. */
  static Future<Void> drop(Users users, Vault vault, VaultKey key) {
    return vault
        .revokeUnless(() -> users.find(key.subject()).map(user -> isListed(user, key)), key)
        .mapEmpty();
  }

  private static boolean isListed(User user, VaultKey key) {
    return user.accounts().stream().anyMatch(linked -> linked.is(key.upstream(), key.account()));
  }
}
