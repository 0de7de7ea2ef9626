package dev.keyturn.authorize;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.user.User;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Map;

/**
 * The way through the further upstreams of somebody who has logged in, one after the other.
 *
 * <p>It is gone in the browser that logged in, within ten minutes of that. An account that is new
 * to the person is linked only by their word, on a page that names both: else whoever leads a
 * browser here could have it linked to an account of theirs. Where one upstream fails, the person
 * tries again or goes on without it, and loses nothing of the others.
 */
final class Links {
  private final Site site;
  private final Ways ways;
  private final Departure departure;
  private final LinkedTokens tokens;
  private final LinkAsking asking;
  private final Conclusion conclusion;
  private final Clock clock;

  Links(
      Site site,
      Ways ways,
      Departure departure,
      LinkedTokens tokens,
      LinkAsking asking,
      Conclusion conclusion,
      Clock clock) {
    this.site = site;
    this.ways = ways;
    this.departure = departure;
    this.tokens = tokens;
    this.asking = asking;
    this.conclusion = conclusion;
    this.clock = clock;
  }

  /** To the next upstream, or the end. */
  Future<Reply> go(Request request, Purpose purpose, Linking linking) {
    return go(request, purpose, linking, false);
  }

  private Future<Reply> go(Request request, Purpose purpose, Linking linking, boolean anew) {
    if (linking.next().isEmpty()) {
      return end(request, purpose, linking.arrived());
    }
    var way = ways.find(linking.next().get());
    return way.isEmpty()
        ? go(request, purpose, linking.after(linking.arrived()), false)
        : departure
            .forLink(request, purpose, linking, way.get(), anew)
            .recover(
                failure ->
                    failure instanceof UnavailableException
                        ? asking.failed(request, purpose, linking, failure)
                        : Future.failedFuture(failure));
  }

  /** The browser came back from the upstream that is next. */
  Future<Reply> finish(
      Request request, PendingAuthorization mine, Linking linking, Future<UpstreamLogin> login) {
    return linking.arrived().isOver(clock.instant())
        ? site.notices().page(request, Notice.LINK_EXPIRED)
        : login.transform(
            came ->
                came.succeeded()
                    ? found(request, mine, linking, came.result())
                    : refused(request, mine, linking, came.cause()));
  }

  private Future<Reply> refused(
      Request request, PendingAuthorization mine, Linking linking, Throwable failure) {
    var error = Conclusion.errorOf(failure, request.id());
    site.audit()
        .tell(Kind.LOGIN_FAILED, Map.of("upstream", mine.upstream(), "error", error.code().wire()));
    return asking.failed(request, mine.purpose(), linking, failure);
  }

  private Future<Reply> found(
      Request request, PendingAuthorization mine, Linking linking, UpstreamLogin brought) {
    var who = brought.identity();
    var found =
        new WaitingLink.Found(
            who.account(),
            ShownName.plain(who.name().or(who::email).orElse(who.account())),
            mine.terms().scopes().wire());
    return tokens
        .keep(linking.arrived(), mine.upstream(), brought)
        .compose(
            user ->
                isLinked(user, mine.upstream(), who.account())
                    ? link(request, mine.purpose(), linking, found)
                    : asking.confirm(request, mine.purpose(), linking, found));
  }

  private static boolean isLinked(User user, String upstream, String account) {
    return user.accounts().stream().anyMatch(linked -> linked.is(upstream, account));
  }

  /** What the person says on the page, which counts once. */
  Future<Reply> decide(Request request, WaitingLink waiting, String decision) {
    var purpose = waiting.purpose();
    var linking = waiting.linking();
    if (linking.arrived().isOver(clock.instant())) {
      return site.notices().page(request, Notice.LINK_EXPIRED);
    }
    return switch (decision) {
      case "link" ->
          waiting
              .found()
              .map(found -> link(request, purpose, linking, found))
              .orElseGet(() -> site.notices().page(request, Notice.UNDECIDED));
      case "again" -> drop(waiting).compose(gone -> go(request, purpose, linking, true));
      case "skip" ->
          drop(waiting)
              .compose(gone -> go(request, purpose, linking.after(linking.arrived()), false));
      default -> site.notices().page(request, Notice.UNDECIDED);
    };
  }

  private Future<Void> drop(WaitingLink waiting) {
    return waiting
        .found()
        .map(
            found ->
                tokens.drop(
                    waiting.linking().arrived(),
                    waiting.linking().next().orElse(""),
                    found.account()))
        .orElseGet(Future::succeededFuture);
  }

  private Future<Reply> link(
      Request request, Purpose purpose, Linking linking, WaitingLink.Found found) {
    var upstream = linking.next().orElseThrow();
    var asked = Scopes.parse(found.asked());
    return tokens
        .link(linking.arrived(), upstream, found.account(), asked)
        .compose(
            linked ->
                go(
                    request,
                    purpose,
                    linking.after(linking.arrived().with(upstream, found.account(), asked))));
  }

  private Future<Reply> end(Request request, Purpose purpose, Arrived arrived) {
    return purpose
        .request()
        .map(
            asked -> conclusion.conclude(request, asked, purpose.approval().orElseThrow(), arrived))
        .orElseGet(
            () -> Future.succeededFuture(Reply.seeOther(site.browser().url(AccountEndpoint.PATH))));
  }
}
