package dev.keyturn.authorize;

import dev.keyturn.http.Messages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Shows the pages around a link, with forms that count in this very browser only. */
final class LinkAsking {
  static final Set<String> WORDS = Set.of("start", "link", "again", "retry", "skip");

  private final Site site;
  private final WaitingLinks waiting;
  private final LinkForm form;
  private final LinkPage page;

  LinkAsking(Site site, WaitingLinks waiting, LinkForm form, LinkPage page) {
    this.site = site;
    this.waiting = waiting;
    this.form = form;
    this.page = page;
  }

  /** Whether the two accounts are the same person's. */
  Future<Reply> confirm(Request http, Purpose purpose, Linking linking, WaitingLink.Found found) {
    var upstream = linking.next().orElseThrow();
    var known = List.of(person(linking), new LinkPage.Known(upstream, found.name(), found.shown()));
    return wait(http, new WaitingLink(purpose, linking, Optional.of(found)))
        .compose(
            name ->
                show(
                    http,
                    LinkPage.Reason.CONFIRM,
                    new LinkForm.Content(upstream, name, ""),
                    known,
                    texts ->
                        List.of(
                            decision(texts, "skip", false),
                            decision(texts, "again", false),
                            decision(texts, "link", true))));
  }

  /** Whether to try again or to go on without it. */
  Future<Reply> failed(Request http, Purpose purpose, Linking linking, Throwable failure) {
    var upstream = linking.next().orElseThrow();
    return wait(http, new WaitingLink(purpose, linking, Optional.empty()))
        .compose(
            name ->
                show(
                    http,
                    reason(failure),
                    new LinkForm.Content(upstream, name, ""),
                    List.of(person(linking)),
                    texts ->
                        List.of(decision(texts, "skip", false), retry(texts, reason(failure)))))
        .map(reply -> retryAfter(reply, failure));
  }

  /** Before anything: the way to the upstream, for somebody who has logged in. */
  Future<Reply> start(Request http, String upstream, PersonCookies.Visitor visitor) {
    return show(
        http,
        LinkPage.Reason.START,
        new LinkForm.Content(upstream, "", visitor.subject()),
        List.of(new LinkPage.Known(visitor.upstream(), visitor.name(), visitor.account())),
        texts -> List.of(decision(texts, "start", true)));
  }

  /** Before that: the ways to log in. */
  Future<Reply> logIn(Request http, String upstream, List<String> identities) {
    return show(
        http,
        LinkPage.Reason.LOGIN,
        new LinkForm.Content(upstream, "", ""),
        List.of(),
        texts ->
            identities.stream()
                .map(name -> new LinkPage.Button("login", name, texts.of("choose.at", name), true))
                .toList());
  }

  private Future<String> wait(Request http, WaitingLink link) {
    link.purpose()
        .request()
        .flatMap(AuthorizationRequest::uiLocales)
        .ifPresent(http::preferLocales);
    return waiting.add(link);
  }

  private Future<Reply> show(
      Request http,
      LinkPage.Reason reason,
      LinkForm.Content content,
      List<LinkPage.Known> known,
      Function<Messages, List<LinkPage.Button>> buttons) {
    var browser = site.cookies().formValue(http);
    var sealed = form.seal(content);
    var texts = page.language(http).messages("authorize");
    return page.render(
            http,
            new LinkPage.Content(
                reason,
                content.upstream(),
                known,
                buttons.apply(texts),
                site.browser().route(LinkEndpoint.path(content.upstream())),
                sealed,
                form.form().token(browser, sealed)))
        .map(reply -> site.cookies().rememberForm(reply, browser));
  }

  private static LinkPage.Button decision(Messages texts, String word, boolean main) {
    return new LinkPage.Button("decision", word, texts.of("link.button." + word), main);
  }

  /**
   * Another account helps only where we have refused this one; not all providers can ask for it.
   */
  private static LinkPage.Button retry(Messages texts, LinkPage.Reason reason) {
    var value = reason == LinkPage.Reason.NOT_ALLOWED ? "again" : "retry";
    return new LinkPage.Button("decision", value, texts.of("link.button.retry"), true);
  }

  private static LinkPage.Known person(Linking linking) {
    var who = linking.arrived();
    return new LinkPage.Known(who.identity(), who.name(), who.account());
  }

  private static LinkPage.Reason reason(Throwable failure) {
    if (failure instanceof UnavailableException) {
      return LinkPage.Reason.AWAY;
    }
    return failure instanceof OAuthException refusal && Conclusion.isOurOwnNo(refusal.error())
        ? LinkPage.Reason.NOT_ALLOWED
        : LinkPage.Reason.REFUSED;
  }

  private static Reply retryAfter(Reply reply, Throwable failure) {
    return failure instanceof UnavailableException away
        ? reply.with("Retry-After", away.retryAfterSeconds())
        : reply;
  }
}
