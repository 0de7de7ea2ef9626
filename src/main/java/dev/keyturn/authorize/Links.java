package dev.keyturn.authorize;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.user.User;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
      Request request,
      PendingAuthorization mine,
      Linking linking,
      Supplier<Future<UpstreamLogin>> login) {
    return isOver(linking)
        ? site.notices().page(request, Notice.LINK_EXPIRED)
        : login
            .get()
            .transform(
                came ->
                    came.succeeded()
                        ? found(request, mine, linking, came.result())
                        : refused(request, mine, linking, came.cause()));
  }

  /** It is too late, or nobody may log in any more where the person did. */
  private boolean isOver(Linking linking) {
    return linking.arrived().isOver(clock.instant())
        || ways.identity(linking.arrived().identity()).isEmpty();
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
            ShownName.account(who),
            mine.terms().scopes().wire(),
            brought.tokens().scopes().wire());
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
  Future<Reply> decide(Request request, WaitingLink waiting, Word word) {
    var purpose = waiting.purpose();
    var linking = waiting.linking();
    if (isOver(linking)) {
      return drop(waiting).compose(gone -> site.notices().page(request, Notice.LINK_EXPIRED));
    }
    var found = waiting.found().filter(one -> word == Word.LINK && isKnown(linking));
    if (found.isPresent()) {
      return confirmed(request, purpose, linking, found.get());
    }
    return word == Word.SKIP || !isKnown(linking)
        ? drop(waiting)
            .compose(gone -> go(request, purpose, linking.after(linking.arrived()), false))
        : drop(waiting).compose(gone -> go(request, purpose, linking, word == Word.AGAIN));
  }

  /** What a person can say. */
  enum Word {
    LINK,
    /** By another account. */
    AGAIN,
    RETRY,
    SKIP;

    static Optional<Word> of(String text) {
      return Stream.of(values())
          .filter(word -> word.name().toLowerCase(Locale.ROOT).equals(text))
          .findFirst();
    }
  }

  /** Whether the upstream that is next was not taken out of the configuration meanwhile. */
  private boolean isKnown(Linking linking) {
    return linking.next().flatMap(ways::find).isPresent();
  }

  /** Another page may have let the tokens go meanwhile. */
  private Future<Reply> confirmed(
      Request request, Purpose purpose, Linking linking, WaitingLink.Found found) {
    return tokens
        .hold(linking.arrived(), linking.next().orElseThrow(), found.account())
        .compose(
            held ->
                held
                    ? link(request, purpose, linking, found)
                    : go(request, purpose, linking, true));
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
    return tokens
        .link(request.id(), linking.arrived(), found, upstream)
        .compose(
            linked ->
                go(
                    request,
                    purpose,
                    linking.after(
                        linking.arrived().with(upstream, found.account(), found.used()))));
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
