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
import java.util.Map;

/**
 * The tokens of further accounts: in the vault as soon as they have come, listed for the person
 * when they are linked. Nobody is given what is not listed.
 */
final class LinkedTokens {
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
    return vault
        .link(key, brought)
        .compose(kept -> pointers.notePerson(upstream, there, arrived.subject()))
        .compose(noted -> users.find(arrived.subject()));
  }

  Future<Void> link(Arrived arrived, String upstream, String account, Scopes asked) {
    var now = clock.instant();
    var linked = new LinkedAccount(upstream, account, now, now.plus(life), asked);
    return users
        .change(
            arrived.subject(),
            user -> Future.succeededFuture(new Users.Step<>(user.with(linked), linked)))
        .onSuccess(done -> audit.tell(Kind.UPSTREAM_LINKED, Map.of("upstream", upstream)))
        .mapEmpty();
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
        .revokeUnless(
            () ->
                users
                    .find(key.subject())
                    .map(
                        user ->
                            user.accounts().stream()
                                .anyMatch(linked -> linked.is(key.upstream(), key.account()))),
            key)
        .mapEmpty();
  }
}
