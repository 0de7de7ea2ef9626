package dev.keyturn.authorize;

import dev.keyturn.http.Language;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page that asks whether an account at a further upstream is to be linked. */
final class LinkPage {
  private final Pages pages;

  LinkPage(Pages pages) {
    this.pages = pages;
  }

  /** Why the page is shown, by which its words are found. */
  enum Reason {
    /** Somebody who has just logged in wants to begin. */
    START(200),
    /** Nobody has just logged in. */
    LOGIN(200),
    /** The account is there, and it must be the right one. */
    CONFIRM(200),
    /** The provider did not log the person in. */
    REFUSED(200),
    /** The rule of the upstream does not let the account in. */
    NOT_ALLOWED(403),
    /** The provider is away. */
    AWAY(503);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    String key(String part) {
      return "link." + name().toLowerCase(Locale.ROOT).replace('_', '-') + "." + part;
    }
  }

  /**
   * Somebody at an upstream.
   *
   * @param name as the provider calls them, which anybody may have chosen; may be empty
   * @param account by what the account can be told from others
   */
  public record Known(String upstream, String name, String account) {
    /** Names the upstream only. */
    @Override
    public String toString() {
      return "Known[" + upstream + "]";
    }
  }

  /**
   * A button of the form.
   *
   * @param main whether it is the one that goes on
   */
  public record Button(String name, String value, String label, boolean main) {}

  /**
   * What stands on the page.
   *
   * @param upstream the one that is to be linked
   * @param known who is known, each at an upstream
   */
  record Content(
      Reason reason,
      String upstream,
      List<Known> known,
      List<Button> buttons,
      String action,
      String request,
      String token) {}

  Language language(Request http) {
    return pages.languageFor(http.languageWish());
  }

  Future<Reply> render(Request http, Content content) {
    var language = language(http);
    var texts = language.messages("authorize");
    return pages.render(
        language,
        content.reason().status,
        "authorize/link",
        Map.of(
            "title", texts.of(content.reason().key("title"), content.upstream()),
            "text", texts.of(content.reason().key("text"), content.upstream()),
            "known", content.known(),
            "buttons", content.buttons(),
            "action", content.action(),
            "request", content.request(),
            "token", content.token()));
  }
}
