package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.OpaqueTokens;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Map;
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
  private final String upstream;
  private final Memory memory;
  private final Users users;
  private final Vault vault;
  private final Completion completion;
  private final WaitingLogins waiting;
  private final SecureRandom random;

  /**
   * @param upstream the name of the upstream that logs people in
   */
  Arrival(
      String upstream,
      Memory memory,
      Users users,
      Vault vault,
      Completion completion,
      WaitingLogins waiting,
      SecureRandom random) {
    this.upstream = upstream;
    this.memory = memory;
    this.users = users;
    this.vault = vault;
    this.completion = completion;
    this.waiting = waiting;
    this.random = random;
  }

  /**
   * What a client asked for and how that was approved.
   *
   * @param used the scopes that the upstream was asked for
   */
  record Login(Client client, AuthorizationRequest asked, Approval approval, Scopes used) {}

  /** The code for the client; empty if the person must be asked first. */
  Future<Optional<String>> arrive(Login login, UpstreamLogin brought) {
    var identity = brought.identity();
    return vault
        .keep(key(identity.subject(), identity.account()), brought)
        .compose(
            kept -> completion.complete(identity.subject(), user -> judge(login, identity, user)));
  }

  /** What somebody must be asked who has logged in; the login waits for the answer. */
  Future<Question> question(Login login, Identity identity) {
    var name = new Unguessable(random).next();
    return users
        .find(identity.subject())
        .map(user -> memory.whole(login.client(), login.asked(), used(login), user))
        .compose(
            whole ->
                waiting
                    .add(name, authorization(login.asked(), whole, identity))
                    .map(
                        added ->
                            new Question(login.asked(), whole, used(login), Optional.of(name))));
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
    var grant = new Grant(client, question.request(), waited, question.upstreams(), true);
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
        .compose(
            found ->
                found
                    .map(denied -> drop(denied.subject(), denied.accounts().get(upstream)))
                    .orElseGet(Future::succeededFuture));
  }

  /** Lets the tokens of a login go that ends here, unless the person uses the account already. */
  Future<Void> drop(Identity identity) {
    return drop(identity.subject(), identity.account());
  }

  private Future<Void> drop(String subject, @Nullable String account) {
    var name = Optional.ofNullable(account).orElse("");
    return users
        .find(subject)
        .compose(
            user ->
                user.accounts().stream().anyMatch(linked -> linked.is(upstream, name))
                    ? Future.succeededFuture()
                    : vault.forget(key(subject, name)));
  }

  private Optional<Grant> judge(Login login, Identity identity, User user) {
    var whole = memory.whole(login.client(), login.asked(), used(login), user);
    var approval = login.approval();
    var byPage = approval.names(whole, used(login));
    var approved =
        switch (approval.basis()) {
          case PAGE -> byPage;
          case TRUSTED -> memory.trusts(login.client());
          case REMEMBERED ->
              approval.isRememberedOf(identity.subject())
                  && memory.covers(login.client(), login.asked(), used(login), user);
        };
    return approved
        ? Optional.of(
            new Grant(
                login.client(),
                login.asked(),
                authorization(login.asked(), whole, identity),
                used(login),
                byPage))
        : Optional.empty();
  }

  private Map<String, Scopes> used(Login login) {
    return Map.of(upstream, login.used());
  }

  private VaultKey key(String subject, String account) {
    return new VaultKey(subject, upstream, account);
  }

  private Authorization authorization(AuthorizationRequest asked, Scopes whole, Identity who) {
    return new Authorization(
        OpaqueTokens.sessionId(random),
        asked.clientId(),
        who.subject(),
        whole,
        asked.resources(),
        Map.of(upstream, who.account()),
        new Authorization.Person(
            who.name(),
            who.email(),
            who.emailVerified(),
            who.authenticatedAt(),
            who.acr(),
            who.amr()),
        asked.returnTo().commitment());
  }

  /** How a page calls a person. */
  static String personOf(Authorization.Person person) {
    return ShownName.plain(person.name().or(person::email).orElse(""));
  }
}
