package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.user.Decision;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What people have approved before, as far as it counts for a request now.
 *
 * <p>A stranger that comes back to this machine can be anybody, so no decision about one ever
 * stands for the page.
 */
final class Memory {
  private final ConsentConfig config;
  private final Offer offer;
  private final Users users;
  private final PersonCookies cookies;
  private final Clock clock;

  Memory(ConsentConfig config, Offer offer, Users users, PersonCookies cookies, Clock clock) {
    this.config = config;
    this.offer = offer;
    this.users = users;
    this.cookies = cookies;
    this.clock = clock;
  }

  /**
   * What is known of a request before anybody has logged in.
   *
   * @param upstreams those whose tokens would be used, with the scopes there
   */
  Future<Recalled> recall(
      Request http, Client client, AuthorizationRequest asked, Map<String, Scopes> upstreams) {
    if (config.trusts(client) && !asked.asksAnew()) {
      return Future.succeededFuture(new Recalled(asked.scopes(), Optional.of(Approval.TRUSTED)));
    }
    var subject = cookies.remembered(http).filter(known -> config.remembers());
    return subject
        .map(users::find)
        .orElseGet(() -> Future.succeededFuture(User.NOBODY))
        .map(
            user ->
                new Recalled(
                    whole(client, asked, upstreams, user),
                    subject
                        .filter(known -> covers(client, asked, upstreams, user))
                        .map(Approval::remembered)));
  }

  /**
   * What a page would name, and what stands for it.
   *
   * @param approval empty: the person must be asked
   */
  record Recalled(Scopes whole, Optional<Approval> approval) {}

  /** What {@code user} is granted: what is asked for and what they approved before. */
  Scopes whole(
      Client client, AuthorizationRequest asked, Map<String, Scopes> upstreams, User user) {
    var approved = approved(client, asked, upstreams, user).orElse(Scopes.NONE);
    var before = offer.still(client, approved, asked.resources());
    var room = Scopes.MAX_COUNT - asked.scopes().names().size();
    var more = before.without(asked.scopes()).names().stream().limit(room).toList();
    return asked.scopes().plus(Scopes.of(more));
  }

  /** Whether what {@code user} approved before stands for the page. */
  boolean covers(
      Client client, AuthorizationRequest asked, Map<String, Scopes> upstreams, User user) {
    return config.remembers()
        && !asked.asksAnew()
        && !isAnybody(client, asked)
        && approved(client, asked, upstreams, user)
            .map(approved -> approved.covers(asked.scopes()))
            .orElse(false);
  }

  /** Where the person of this browser last logged in. */
  Optional<String> lastAt(Request http) {
    return cookies.lastAt(http).filter(known -> config.remembers());
  }

  /** Whether the person of this browser has approved anything for the client at this address. */
  Future<Boolean> knows(Request http, Client client, ReturnAddress address) {
    return cookies
        .remembered(http)
        .filter(known -> config.remembers())
        .map(
            subject ->
                users
                    .find(subject)
                    .map(
                        user ->
                            user.knows(client.id(), registered(client, address), clock.instant())))
        .orElseGet(() -> Future.succeededFuture(false));
  }

  boolean trusts(Client client) {
    return config.trusts(client);
  }

  /** Whether a browser is to remember whom it has seen. */
  boolean remembers() {
    return config.remembers();
  }

  /** The redirect URI as the client has registered it, which leaves the port of loopback open. */
  static String registered(Client client, ReturnAddress address) {
    return client.admits(address.uri()).map(RedirectUri::value).orElse(address.uri());
  }

  private static boolean isAnybody(Client client, AuthorizationRequest asked) {
    return client.isStranger() && asked.returnTo().redirectUri().isLocal();
  }

  private Optional<Scopes> approved(
      Client client, AuthorizationRequest asked, Map<String, Scopes> upstreams, User user) {
    if (!config.remembers()) {
      return Optional.empty();
    }
    var about =
        new Decision.Subject(
            client.id(),
            registered(client, asked.returnTo()),
            Set.copyOf(asked.resources()),
            upstreams);
    return user.approved(about, clock.instant());
  }
}
