package dev.keyturn.logout;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.upstream.LogoutNotice;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.user.LoginPointers;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where identity providers say that somebody has logged out there, so that what began with that
 * login ends here as well.
 *
 * <p>A logout token is good for one time. It is spent when what it says is done: a provider that is
 * told to come back later sends the same one again, and of two that come at once both are told what
 * is true, that it is done.
 *
 * @see <a href="https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest">OpenID
 *     Connect Back-Channel Logout, section 2.5</a>
 */
public final class BackchannelLogoutEndpoint implements Endpoint {
  private static final String PATH = "/oauth/backchannel-logout";

  /** Longer than any logout token is good. */
  private static final Duration KEEP = Duration.ofMinutes(10);

  private final Issuer issuer;
  private final List<Upstream> upstreams;
  private final Endings endings;
  private final LoginPointers pointers;
  private final Repository<JsonObject> spent;

  public BackchannelLogoutEndpoint(
      Issuer issuer,
      List<Upstream> upstreams,
      Endings endings,
      LoginPointers pointers,
      KeyValueStore store) {
    this.issuer = issuer;
    this.upstreams = List.copyOf(upstreams);
    this.endings = endings;
    this.pointers = pointers;
    this.spent = new Repository<>(store, "logout-token", json -> json, json -> json);
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.forPrograms(List.of(issuer.route(PATH)), Set.of("POST"), this::answer));
  }

  private Future<Reply> answer(Request request) {
    return Future.succeededFuture(request)
        .map(given -> given.form().requireSingle().required("logout_token"))
        .compose(token -> judged(token, 0, Optional.empty()))
        .compose(this::act)
        .map(done -> Reply.empty(200));
  }

  /** The first provider that knows it as its own; each looks at its issuer first. */
  private Future<Judged> judged(String token, int index, Optional<Throwable> before) {
    if (index == upstreams.size()) {
      return Future.failedFuture(
          before.orElseGet(() -> INVALID_REQUEST.because("nobody sends logout tokens here")));
    }
    var upstream = upstreams.get(index);
    return upstream
        .loggedOut(token)
        .map(notice -> new Judged(upstream.name(), notice))
        .recover(cause -> judged(token, index + 1, Optional.of(telling(before, cause))));
  }

  /** That one provider cannot tell now is more than that others do not know it. */
  private static Throwable telling(Optional<Throwable> before, Throwable cause) {
    return before.filter(earlier -> cause instanceof OAuthException).orElse(cause);
  }

  private record Judged(String upstream, LogoutNotice notice) {}

  private Future<Void> act(Judged judged) {
    var notice = judged.notice();
    var id = Digest.of(notice.issuer().length() + " " + notice.issuer() + notice.id());
    return spent
        .get(id)
        .map(
            found -> {
              if (found.isPresent()) {
                throw used();
              }
              return judged;
            })
        .compose(this::end)
        .compose(ended -> spent.putIfAbsent(id, new JsonObject(), KEEP))
        .mapEmpty();
  }

  private static OAuthException used() {
    return INVALID_REQUEST.because("logout_token was used before");
  }

  /** A login that nobody has heard of may be one that the provider's ID token did not name. */
  private Future<Void> end(Judged judged) {
    return judged
        .notice()
        .session()
        .map(there -> new LoginPointers.Login(judged.upstream(), there.issuer(), there.id()))
        .map(pointers::sessions)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(
            found ->
                found
                    .map(sessions -> endAll(judged.upstream(), sessions))
                    .orElseGet(() -> endAllOfPerson(judged)));
  }

  private Future<Void> endAll(String upstream, List<String> sessions) {
    return Future.all(sessions.stream().map(id -> endings.endFor(upstream, id)).toList())
        .mapEmpty();
  }

  private Future<Void> endAllOfPerson(Judged judged) {
    var notice = judged.notice();
    return notice
        .subject()
        .map(subject -> pointers.people(judged.upstream(), subject))
        .orElseThrow(() -> INVALID_REQUEST.because("logout_token names a login not known here"))
        .compose(
            people ->
                Future.all(
                    people.stream()
                        .map(
                            subject ->
                                endings.endUsing(
                                    judged.upstream(), notice.account().orElseThrow(), subject))
                        .toList()))
        .mapEmpty();
  }
}
