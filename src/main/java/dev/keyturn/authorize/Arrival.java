package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.OpaqueTokens;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.user.LoginPointers;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who comes back from the provider: whether what was approved is what they are to be
 * granted, or they must be asked first.
 *
 * <p>That is decided on the very document that the session is entered in: a decision that is
 * revoked at the same time stands for nothing.
 */
final class Arrival {
  private final Memory memory;
  private final Users users;
  private final Vault vault;
  private final Completion completion;
  private final WaitingLogins waiting;
  private final LoginPointers pointers;
  private final SecureRandom random;

  Arrival(
      Memory memory,
      Users users,
      Vault vault,
      Completion completion,
      WaitingLogins waiting,
      LoginPointers pointers,
      SecureRandom random) {
    this.memory = memory;
    this.users = users;
    this.vault = vault;
    this.completion = completion;
    this.waiting = waiting;
    this.pointers = pointers;
    this.random = random;
  }

  /** What a client asked for and how that was approved. */
  record Login(Client client, AuthorizationRequest asked, Approval approval) {}

  /** Keeps the tokens of somebody who has just logged in. */
  Future<Void> keep(Arrived arrived, UpstreamLogin brought) {
    return vault.keep(
        key(arrived.subject(), arrived.identity(), brought.identity().account()), brought);
  }

  /** The code for the client; empty if the person must be asked first. */
  Future<Optional<String>> arrive(Login login, Arrived arrived) {
    var session = OpaqueTokens.sessionId(random);
    return point(arrived, session)
        .compose(
            pointed ->
                completion.complete(
                    arrived.subject(), user -> judge(login, arrived, session, user)));
  }

  /** Lets the provider say later which session it was that ended. */
  private Future<Void> point(Arrived arrived, String session) {
    return arrived
        .login()
        .map(there -> new LoginPointers.Login(arrived.identity(), there.issuer(), there.id()))
        .map(login -> pointers.noteSession(login, session))
        .orElseGet(Future::succeededFuture);
  }

  /** What somebody must be asked who has logged in; the login waits for the answer. */
  Future<Question> question(Login login, Arrived arrived) {
    var name = new Unguessable(random).next();
    var session = OpaqueTokens.sessionId(random);
    return point(arrived, session)
        .compose(pointed -> users.find(arrived.subject()))
        .map(user -> memory.whole(login.client(), login.asked(), arrived.used(), user))
        .compose(
            whole ->
                waiting
                    .add(name, authorization(session, login.asked(), whole, arrived))
                    .map(
                        added ->
                            new Question(
                                login.asked(),
                                whole,
                                arrived.identity(),
                                arrived.used(),
                                Optional.of(name))));
  }

  /** The code for a login that waited and is allowed now; empty if it does not wait any more. */
  Future<Optional<Allowed>> allow(Client client, Question question) {
    return waiting
        .take(question.login().orElse(""))
        .compose(
            found ->
                found
                    .map(waited -> allow(client, question, waited))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty())));
  }

  /** A code, and whose it is. */
  record Allowed(String subject, String person, String code) {}

  private Future<Optional<Allowed>> allow(Client client, Question question, Authorization waited) {
    var used = question.upstreams();
    var grant = new Grant(client, question.request(), waited, used, used, true);
    return completion
        .complete(waited.subject(), user -> Optional.of(grant))
        .map(
            code ->
                code.map(
                    issued -> new Allowed(waited.subject(), personOf(waited.person()), issued)));
  }

  /** Ends a login that waited; its tokens go, unless the person uses the account already. */
  Future<Void> deny(Question question) {
    return waiting
        .take(question.login().orElse(""))
        .compose(found -> found.map(this::drop).orElseGet(Future::succeededFuture));
  }

  /**
   * Lets the tokens of a login go that ends here, unless the person uses the account already. A
   * further account was linked by the person's own word, and stays.
   */
  Future<Void> drop(Arrived arrived) {
    return drop(arrived.subject(), arrived.identity(), arrived.accounts().get(arrived.identity()));
  }

  private Future<Void> drop(Authorization denied) {
    var identity = denied.person().upstream().orElse("");
    return drop(denied.subject(), identity, denied.accounts().get(identity));
  }

  private Future<Void> drop(String subject, String upstream, @Nullable String account) {
    return LinkedTokens.drop(
        users, vault, key(subject, upstream, Optional.ofNullable(account).orElse("")));
  }

  private Optional<Grant> judge(Login login, Arrived arrived, String session, User user) {
    var used = arrived.used();
    var whole = memory.whole(login.client(), login.asked(), used, user);
    var approval = login.approval();
    var byPage = approval.names(whole, used);
    var approved =
        switch (approval.basis()) {
          case PAGE -> byPage;
          case TRUSTED -> memory.trusts(login.client());
          case REMEMBERED ->
              approval.isRememberedOf(arrived.subject())
                  && memory.covers(login.client(), login.asked(), used, user);
        };
    return approved
        ? Optional.of(
            new Grant(
                login.client(),
                login.asked(),
                authorization(session, login.asked(), whole, arrived),
                used,
                byPage ? approval.upstreams() : used,
                byPage))
        : Optional.empty();
  }

  private static VaultKey key(String subject, String upstream, String account) {
    return new VaultKey(subject, upstream, account);
  }

  private static Authorization authorization(
      String session, AuthorizationRequest asked, Scopes whole, Arrived who) {
    return new Authorization(
            session,
            asked.clientId(),
            who.subject(),
            whole,
            asked.resources(),
            who.accounts(),
            who.person())
        .by(asked.returnTo().commitment(), who.used());
  }

  /** How a page calls a person. */
  static String personOf(Authorization.Person person) {
    return ShownName.plain(person.name().or(person::email).orElse(""));
  }
}
