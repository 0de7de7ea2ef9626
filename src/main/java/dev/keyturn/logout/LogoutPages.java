package dev.keyturn.logout;

import dev.keyturn.client.Client;
import dev.keyturn.http.Language;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The pages of a logout. */
public final class LogoutPages {
  private final Pages pages;
  private final ThisBrowser browser;

  public LogoutPages(Pages pages, ThisBrowser browser) {
    this.pages = pages;
    this.browser = browser;
  }

  /** Asks whether the person wants that. */
  Future<Reply> ask(Request request, LogoutRequest logout, String action, ThisBrowser.Shown form) {
    var language = language(request);
    var client = logout.client();
    return pages.render(
        language,
        200,
        "logout/ask",
        Map.of(
            "action", action,
            "request", form.request(),
            "token", form.token(),
            "who",
                who(
                    client.map(one -> browser.nameOf(one, language.tag())),
                    client.filter(Client::isStranger).isPresent(),
                    language),
            "ends", client.isPresent(),
            "leads", logout.afterwards().map(to -> leads(to, language)).orElse("")));
  }

  /** Leads on, or says that it is done, with a link to where nobody is led without a click. */
  Future<Reply> done(Request request, Told told, Optional<Destination> afterwards) {
    return afterwards
        .filter(Destination::isDirect)
        .map(direct -> Future.succeededFuture(Reply.seeOther(direct.uri())))
        .orElseGet(() -> tell(request, told, afterwards));
  }

  /** The person has thought better of it. */
  Future<Reply> stayed(Request request) {
    return tell(request, Told.STAYED, Optional.empty());
  }

  /** The form was not shown to this browser. */
  Future<Reply> foreign(Request request) {
    return tell(request, Told.FOREIGN, Optional.empty());
  }

  private Future<Reply> tell(Request request, Told told, Optional<Destination> link) {
    var language = language(request);
    var texts = language.messages("logout");
    return pages.render(
        language,
        told == Told.FOREIGN ? 403 : 200,
        "logout/told",
        Map.of(
            "title", texts.of(told.key("title")),
            "text", texts.of(told.key("text")),
            "again", texts.of(told.key("again")),
            "link", link.map(Destination::uri).orElse(""),
            "onward", link.map(to -> onward(to, language)).orElse("")));
  }

  private static String leads(Destination to, Language language) {
    return language.messages("logout").of("ask.leads", to.place());
  }

  private static String onward(Destination to, Language language) {
    var texts = language.messages("logout");
    return to.isApplication() ? texts.of("told.open") : texts.of("told.back", to.place());
  }

  private static String who(Optional<String> name, boolean claimed, Language language) {
    var texts = language.messages("logout");
    if (name.isEmpty()) {
      return texts.of("ask.nobody");
    }
    if (name.get().isEmpty()) {
      return texts.of("ask.nameless");
    }
    return claimed ? texts.of("ask.claimed", name.get()) : texts.of("ask.named", name.get());
  }

  private Language language(Request request) {
    return pages.languageFor(request.languageWish());
  }

  /** What a page tells that ends a logout. */
  enum Told {
    /** The sessions have ended. */
    DONE,
    /** The browser has forgotten the person; no session was known to end. */
    FORGOTTEN,
    /** The person has thought better of it. */
    STAYED,
    /** The form was not shown to this browser. */
    FOREIGN;

    /** The key of one of its texts: {@code title}, {@code text}, {@code again}. */
    String key(String part) {
      return name().toLowerCase(Locale.ROOT) + "." + part;
    }
  }
}
