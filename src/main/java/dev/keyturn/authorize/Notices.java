package dev.keyturn.authorize;

import dev.keyturn.client.UnusableDocument;
import dev.keyturn.http.Language;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthError;
import io.vertx.core.Future;
import java.util.Map;

/** The pages that end a login here, and the redirects that end it at the client. */
final class Notices {
  /** Seconds for which a failure is remembered. */
  private static final String AWAY = "60";

  private final Pages pages;
  private final Issuer issuer;

  Notices(Pages pages, Issuer issuer) {
    this.pages = pages;
    this.issuer = issuer;
  }

  /** A page that says what happened and what to do. */
  Future<Reply> page(Request request, Notice notice) {
    return page(request, notice, "");
  }

  /**
   * A page that also tells a developer more.
   *
   * @param detail in English, as an {@code error_description} is
   */
  Future<Reply> page(Request request, Notice notice, String detail) {
    return show(request, language(request), notice, detail, Link.NONE);
  }

  /** A page that says at which host a client says who it is, and why that cannot be used. */
  Future<Reply> unusable(Request request, UnusableDocument document) {
    var language = language(request);
    var detail = language.messages("authorize").of("document." + document.fault(), document.host());
    return document.isPassing()
        ? show(request, language, Notice.DOCUMENT_AWAY, detail, Link.NONE)
            .map(page -> page.with("Retry-After", AWAY))
        : show(request, language, Notice.DOCUMENT_REFUSED, detail, Link.NONE);
  }

  /** Tells the client of a refusal; where a stranger registered the address, by a click only. */
  Future<Reply> refuse(Request request, ReturnAddress address, OAuthError error) {
    var location = address.withError(error, issuer);
    if (address.direct()) {
      return leave(request, address, location);
    }
    var language = language(request);
    var link = new Link(location, backTo(address, language));
    return show(request, language, Notice.REFUSED, error.description(), link);
  }

  /** Tells the person that the account may not log in; the client is told by a click. */
  Future<Reply> turnAway(Request request, ReturnAddress address, OAuthError error) {
    var language = language(request);
    var link = new Link(address.withError(error, issuer), backTo(address, language));
    return show(request, language, Notice.NOT_ALLOWED, "", link);
  }

  /** Tells a person who wants to see the account page that the login came to nothing. */
  Future<Reply> stayOut(Request request, String account) {
    var language = language(request);
    var link = new Link(account, language.messages("authorize").of("link.account"));
    return show(request, language, Notice.STAY_OUT, "", link);
  }

  private static String backTo(ReturnAddress address, Language language) {
    return language.messages("authorize").of("link.back", address.redirectUri().destination());
  }

  /** Tells the client of a refusal after the person has approved or denied. */
  Future<Reply> tell(Request request, ReturnAddress address, OAuthError error) {
    return leave(request, address, address.withError(error, issuer));
  }

  /** Hands the client its code. */
  Future<Reply> hand(Request request, ReturnAddress address, String code) {
    return leave(request, address, address.withCode(code, issuer));
  }

  /** A redirect to a web address; for an application's own scheme, a page with a link to it. */
  private Future<Reply> leave(Request request, ReturnAddress address, String location) {
    if (!address.redirectUri().isPrivateUse()) {
      return Future.succeededFuture(Reply.seeOther(location));
    }
    var language = language(request);
    var label = language.messages("authorize").of("link.open");
    return show(request, language, Notice.HAND_OVER, "", new Link(location, label));
  }

  /** The language in which this request is answered. */
  Language language(Request request) {
    return pages.languageFor(request.languageWish());
  }

  private Future<Reply> show(
      Request request, Language language, Notice notice, String detail, Link link) {
    var texts = language.messages("authorize");
    return pages.render(
        language,
        notice.status(),
        "authorize/notice",
        Map.of(
            "title", texts.of(notice.key("title")),
            "text", texts.of(notice.key("text")),
            "detail", detail,
            "again", texts.of(notice.key("again")),
            "link", link.location(),
            "label", link.label(),
            "requestId", request.id()));
  }

  /** Where the page's one link leads; nowhere if empty. */
  private record Link(String location, String label) {
    static final Link NONE = new Link("", "");
  }
}
