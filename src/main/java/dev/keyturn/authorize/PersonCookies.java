package dev.keyturn.authorize;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.user.Decision;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The cookies that name a person to this browser, sealed.
 *
 * <p>The <em>consent</em> cookie says whose decisions may stand for the page. It proves nothing:
 * the same person must come back from the provider. The <em>account</em> cookie opens the account
 * page, for a short while after a login.
 */
final class PersonCookies {
  /** How long a login opens the account page. */
  static final Duration ACCOUNT_LIFE = Duration.ofMinutes(15);

  private static final String CONSENT = "consent";
  private static final String ACCOUNT = "account";

  private final BrowserCookies cookies;
  private final SealedForm consent;
  private final SealedForm account;
  private final Clock clock;

  PersonCookies(BrowserCookies cookies, HmacSecrets secrets, SecureRandom random, Clock clock) {
    this.cookies = cookies;
    this.consent = new SealedForm("consent cookie", secrets, random);
    this.account = new SealedForm("account cookie", secrets, random);
    this.clock = clock;
  }

  /** Whose decisions may stand for the page in this browser. */
  Optional<String> remembered(Request request) {
    return opened(request, CONSENT, consent).map(json -> json.getString("sub"));
  }

  /** Where the person of this browser last logged in. */
  Optional<String> lastAt(Request request) {
    return opened(request, CONSENT, consent).map(json -> json.getString("at"));
  }

  Reply remember(Reply reply, Visitor visitor) {
    var json = new JsonObject().put("sub", visitor.subject()).put("at", visitor.upstream());
    return set(reply, CONSENT, consent, json, Decision.LIFE);
  }

  /** Who may see the account page in this browser. */
  Optional<Visitor> visitor(Request request) {
    return opened(request, ACCOUNT, account).map(Visitor::fromJson);
  }

  Reply admit(Reply reply, Visitor visitor) {
    return set(reply, ACCOUNT, account, visitor.toJson(), ACCOUNT_LIFE);
  }

  /** Closes the account page in this browser. */
  Reply close(Reply reply) {
    return cookies.dropOwn(reply, ACCOUNT);
  }

  /** Forgets the person in this browser. */
  Reply forget(Reply reply) {
    return cookies.dropOwn(cookies.dropOwn(reply, CONSENT), ACCOUNT);
  }

  private Reply set(Reply reply, String name, SealedForm form, JsonObject json, Duration life) {
    var until = clock.instant().plus(life).toEpochMilli();
    return cookies.setOwn(reply, name, form.seal(json.put("until", until)), life);
  }

  private Optional<JsonObject> opened(Request request, String name, SealedForm form) {
    return cookies
        .ownSent(request, name)
        .flatMap(form::open)
        .filter(json -> clock.instant().isBefore(Instant.ofEpochMilli(json.getLong("until"))));
  }

  /**
   * Somebody who has just logged in.
   *
   * @param name what the provider calls them, for display
   * @param account by what the account there can be told from others
   * @param upstream where they logged in
   * @param since when; long ago where that is not known
   */
  record Visitor(String subject, String name, String account, String upstream, Instant since) {
    static Visitor of(Arrived arrived) {
      return new Visitor(
          arrived.subject(),
          arrived.name(),
          arrived.account(),
          arrived.identity(),
          arrived.since());
    }

    /** Whether an account may be linked by this login. */
    boolean mayLink(Instant now) {
      return now.isBefore(since.plus(Arrived.LINKING));
    }

    JsonObject toJson() {
      return new JsonObject()
          .put("sub", subject)
          .put("name", name)
          .put("account", account)
          .put("at", upstream)
          .put("since", since.toEpochMilli());
    }

    static Visitor fromJson(JsonObject json) {
      return new Visitor(
          json.getString("sub"),
          json.getString("name"),
          json.getString("account", ""),
          json.getString("at"),
          Instant.ofEpochMilli(json.getLong("since")));
    }

    /** Shows the opaque subject and no claim. */
    @Override
    public String toString() {
      return "Visitor[" + subject + "]";
    }
  }
}
