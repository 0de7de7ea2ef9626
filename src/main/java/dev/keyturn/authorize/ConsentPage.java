package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.http.Messages;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.Uris;
import io.vertx.core.Future;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The page that asks a person. Facts stand as facts; what a stranger says of itself, as a claim.
 *
 * <p>Hosts are shown as they are spelled on the wire, so one with foreign letters shows as {@code
 * xn--} and looks like no other.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices">MCP
 *     security best practices, confused deputy</a>
 */
final class ConsentPage {
  static final Set<String> SCOPES_IN_WORDS = Set.of("openid", "profile", "email", "offline_access");

  private final Pages pages;
  private final String action;

  /**
   * @param action the path that the form is sent to
   */
  ConsentPage(Pages pages, String action) {
    this.pages = pages;
    this.action = action;
  }

  Future<Reply> render(Request http, Question question, Client client, Fields fields) {
    var language = pages.languageFor(http.languageWish());
    var texts = language.messages("authorize");
    var uri = question.request().returnTo().redirectUri();
    var identity = question.identity();
    var used = question.upstreams().getOrDefault(identity, Scopes.NONE);
    return pages.render(
        language,
        200,
        "authorize/consent",
        Map.ofEntries(
            Map.entry("name", ShownName.of(client, language.tag())),
            Map.entry("claimed", client.isStranger()),
            Map.entry("address", addressOf(client.id())),
            Map.entry("resources", question.request().resources()),
            Map.entry("destination", uri.destination()),
            Map.entry("local", uri.isLocal()),
            Map.entry("elsewhere", leadsElsewhere(client.id(), uri)),
            Map.entry("scopes", inWords(question.scopes(), texts)),
            Map.entry("more", !question.request().scopes().covers(question.scopes())),
            Map.entry("upstream", identity),
            Map.entry("further", further(question, texts)),
            Map.entry("used", inWords(used, texts)),
            Map.entry("finished", question.login().isPresent()),
            Map.entry("person", fields.person()),
            Map.entry("action", action),
            Map.entry("request", fields.request()),
            Map.entry("token", fields.token())));
  }

  /** The upstreams besides, at each of which an account is linked. */
  private static List<Further> further(Question question, Messages texts) {
    return question.upstreams().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(question.identity()))
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> new Further(entry.getKey(), inWords(entry.getValue(), texts)))
        .toList();
  }

  /**
   * An upstream whose tokens are used besides.
   *
   * @param used the scopes there, in words
   */
  public record Further(String name, List<String> used) {}

  static List<String> inWords(Scopes scopes, Messages texts) {
    return scopes.names().stream()
        .map(
            scope ->
                SCOPES_IN_WORDS.contains(scope)
                    ? texts.of("scope." + scope)
                    : texts.of("scope.other", scope))
        .toList();
  }

  /**
   * A {@code client_id} that is an address says whose document the client is; others say nothing.
   */
  static String addressOf(String clientId) {
    return clientId.startsWith("https://") ? clientId : "";
  }

  /** Whether the client is known by one host and sends people to another. */
  private static boolean leadsElsewhere(String clientId, RedirectUri uri) {
    return !addressOf(clientId).isEmpty()
        && !uri.isLocal()
        && !host(clientId).equals(host(uri.value()));
  }

  private static Optional<String> host(String url) {
    return Uris.parse(url).map(URI::getHost).map(host -> host.toLowerCase(Locale.ROOT));
  }

  /**
   * What the form sends back: the sealed question, and the token that binds it to the browser.
   *
   * @param person what the provider calls who has logged in; empty before the login
   */
  record Fields(String request, String token, String person) {}
}
