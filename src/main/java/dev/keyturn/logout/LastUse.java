package dev.keyturn.logout;

import dev.keyturn.token.Session;
import dev.keyturn.token.Sessions;
import dev.keyturn.user.ListedSession;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lets go of the accounts at providers that a session has used and no other one uses: their tokens
 * leave the vault and are given back.
 *
 * <p>A login that is being finished at the same moment may find its tokens given back; its person
 * then logs in once more.
 */
public final class LastUse {
  private final Users users;
  private final Supplier<Sessions> sessions;
  private final Vault vault;
  private final Duration waiting;
  private final Clock clock;

  /**
   * @param sessions those of the moment
   * @param waiting how long a session may be listed before it begins
   */
  public LastUse(
      Users users, Supplier<Sessions> sessions, Vault vault, Duration waiting, Clock clock) {
    this.users = users;
    this.sessions = sessions;
    this.vault = vault;
    this.waiting = waiting;
    this.clock = clock;
  }

  /** Is over when every account that nobody uses any more has left the vault. */
  Future<Void> release(Session ended) {
    var approved = ended.authorization();
    return users
        .find(approved.subject())
        .compose(
            user ->
                Future.join(
                    approved.accounts().entrySet().stream()
                        .map(
                            used ->
                                new VaultKey(approved.subject(), used.getKey(), used.getValue()))
                        .map(key -> releaseUnlessUsed(key, user, approved.sessionId()))
                        .toList()))
        .mapEmpty();
  }

  private Future<Void> releaseUnlessUsed(VaultKey key, User user, String ended) {
    var others = user.sessions().stream().filter(other -> !other.id().equals(ended)).toList();
    return vault
        .revokeUnless(() -> isUsed(key, others, others.size() - 1), key)
        .compose(gone -> gone ? unlist(key) : Future.succeededFuture());
  }

  /** The latest first, since those are likely to live. */
  private Future<Boolean> isUsed(VaultKey key, List<ListedSession> others, int index) {
    return index < 0
        ? Future.succeededFuture(false)
        : uses(others.get(index), key)
            .compose(used -> used ? Future.succeededFuture(true) : isUsed(key, others, index - 1));
  }

  private Future<Boolean> uses(ListedSession other, VaultKey key) {
    return sessions
        .get()
        .find(other.id())
        .compose(
            found ->
                found
                    .map(session -> Future.succeededFuture(uses(session, key)))
                    .orElseGet(() -> mayBegin(other)));
  }

  private static boolean uses(Session session, VaultKey key) {
    return key.account().equals(session.authorization().accounts().get(key.upstream()));
  }

  /** A code that was not redeemed yet: nobody knows which accounts it is about. */
  private Future<Boolean> mayBegin(ListedSession other) {
    return clock.instant().isBefore(other.since().plus(waiting))
        ? sessions.get().mayBegin(other.id())
        : Future.succeededFuture(false);
  }

  private Future<Void> unlist(VaultKey key) {
    return users
        .change(
            key.subject(),
            user -> Future.succeededFuture(new Users.Step<>(without(user, key), true)))
        .mapEmpty();
  }

  private static User without(User user, VaultKey key) {
    return user.accounts().stream()
        .filter(account -> account.is(key.upstream(), key.account()))
        .findFirst()
        .map(user::without)
        .orElse(user);
  }
}
