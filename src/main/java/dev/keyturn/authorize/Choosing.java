package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.http.Language;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shows the page that asks where to log in. The request travels sealed in its form; nothing is
 * stored, and nothing is approved by it.
 */
final class Choosing {
  private final Site site;
  private final Pages pages;
  private final SealedForm form;
  private final List<String> upstreams;
  private final Clock clock;

  /**
   * @param upstreams those that people may log in at
   */
  Choosing(
      Site site,
      Pages pages,
      HmacSecrets secrets,
      SecureRandom random,
      List<String> upstreams,
      Clock clock) {
    this.site = site;
    this.pages = pages;
    this.form = new SealedForm("choice", secrets, random);
    this.upstreams = List.copyOf(upstreams);
    this.clock = clock;
  }

  Future<Reply> ask(Request http, Client client, AuthorizationRequest asked) {
    var browser = site.cookies().formValue(http);
    var sealed =
        form.seal(new JsonObject().put("request", asked.toJson()).put("asked", clock.millis()));
    return page(http, client, asked, sealed, form.token(browser, sealed))
        .map(reply -> site.cookies().rememberForm(reply, browser));
  }

  /** The request that was sealed, unless it was changed or the page was left open too long. */
  Optional<AuthorizationRequest> open(String sealed) {
    return form.open(sealed)
        .filter(
            json ->
                clock
                    .instant()
                    .isBefore(Instant.ofEpochMilli(json.getLong("asked")).plus(ConsentForm.LIFE)))
        .map(json -> AuthorizationRequest.fromJson(json.getJsonObject("request")));
  }

  SealedForm form() {
    return form;
  }

  private Future<Reply> page(
      Request http, Client client, AuthorizationRequest asked, String sealed, String token) {
    Language language = pages.languageFor(http.languageWish());
    return pages.render(
        language,
        200,
        "authorize/choose",
        Map.of(
            "name", ShownName.of(client, language.tag()),
            "claimed", client.isStranger(),
            "resources", asked.resources(),
            "upstreams", upstreams,
            "action", site.browser().route(ChooseEndpoint.PATH),
            "request", sealed,
            "token", token));
  }
}
