package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.Client;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What pages outside of a login may know of the browser in front of them: who has just logged in
 * there, and whether a form was shown to it.
 */
public final class OwnBrowser {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final String CONTENT = "content";
  private static final String UNTIL = "until";

  private final BrowserCookies cookies;
  private final PersonCookies persons;
  private final SealedForm form;
  private final OwnForms forms;
  private final Clock clock;

  /**
   * @param purpose of the forms: those of another one are none of ours
   * @param browser where browsers find us
   */
  public OwnBrowser(String purpose, Issuer issuer, Issuer browser, Pages pages, Means means) {
    this.clock = means.clock();
    this.cookies = new BrowserCookies(issuer, browser, false, means.random(), clock);
    this.persons = new PersonCookies(cookies, means.secrets(), means.random(), clock);
    this.form = new SealedForm(purpose, means.secrets(), means.random());
    this.forms =
        new OwnForms(
            new Site(issuer, browser, cookies, new Notices(pages, issuer), means.audit()), form);
  }

  /** How pages call a client; empty where a stranger gives no name. */
  public static String nameOf(Client client, String language) {
    return ShownName.of(client, language);
  }

  /** What it works with. */
  public record Means(HmacSecrets secrets, Audit audit, SecureRandom random, Clock clock) {}

  /** The {@code sub} of whoever has logged in here within a quarter of an hour. */
  public Optional<String> person(Request request) {
    return persons.visitor(request).map(PersonCookies.Visitor::subject);
  }

  /** Forgets whoever has logged in here. */
  public Reply forget(Reply reply) {
    return persons.forget(reply);
  }

  /** Closes the account page in this browser. */
  public Reply close(Reply reply) {
    return persons.close(reply);
  }

  /** A form for this browser alone. */
  public Shown show(Request request, JsonObject content) {
    var browser = cookies.formValue(request);
    var until = clock.instant().plus(LIFE).toEpochMilli();
    var sealed = form.seal(new JsonObject().put(CONTENT, content).put(UNTIL, until));
    return new Shown(browser, sealed, form.token(browser, sealed));
  }

  /** The page that holds the form, with the cookies by which the browser is known again. */
  public Reply remember(Reply reply, Shown shown) {
    return cookies.rememberForm(reply, shown.browser);
  }

  /** What a form holds that was sent from a page of this browser within ten minutes. */
  public Optional<JsonObject> sent(Request request, Parameters parameters, String path) {
    return forms.isOurs(request, parameters, path)
        ? form.open(parameters.required("request"))
            .filter(json -> clock.instant().isBefore(Instant.ofEpochMilli(json.getLong(UNTIL))))
            .map(json -> json.getJsonObject(CONTENT))
        : Optional.empty();
  }

  /**
   * A form as it is shown.
   *
   * @param request the field {@code request}
   * @param token the field {@code token}
   */
  public record Shown(String browser, String request, String token) {
    /** Shows nothing of it. */
    @Override
    public String toString() {
      return "Shown[hidden]";
    }
  }
}
