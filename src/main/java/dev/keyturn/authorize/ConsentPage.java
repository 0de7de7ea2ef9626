package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.http.Language;
import dev.keyturn.http.Messages;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The page that asks a person. Facts stand as facts; what a stranger says of itself, as a claim.
 *
 * @see <a
 *     href="https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices">MCP
 *     security best practices, confused deputy</a>
 */
final class ConsentPage {
  private static final int MAX_NAME = 64;
  static final Set<String> SCOPES_IN_WORDS = Set.of("openid", "profile", "email", "offline_access");

  /**
   * Letters and marks that Unicode tells browsers to show as nothing, and the empty Braille cell.
   */
  private static final Pattern FILLERS =
      Pattern.compile(
          "[\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0"
              + "\\x{E0100}-\\x{E01EF}]");

  private final Pages pages;
  private final String action;
  private final String upstream;

  /**
   * @param action the path that the form is sent to
   * @param upstream the name of the provider whose login and tokens are used
   */
  ConsentPage(Pages pages, String action, String upstream) {
    this.pages = pages;
    this.action = action;
    this.upstream = upstream;
  }

  Future<Reply> render(Request http, AuthorizationRequest request, Client client, Fields fields) {
    var language = pages.languageFor(http.languageWish());
    var texts = language.messages("authorize");
    var uri = request.returnTo().redirectUri();
    var name = name(client, language);
    return pages.render(
        language,
        200,
        "authorize/consent",
        Map.ofEntries(
            Map.entry("name", name),
            Map.entry("claimed", client.isStranger()),
            Map.entry("resources", request.resources()),
            Map.entry("destination", uri.destination()),
            Map.entry("local", uri.isLoopbackHttp() || uri.isPrivateUse()),
            Map.entry("scopes", inWords(request, texts)),
            Map.entry("upstream", upstream),
            Map.entry("action", action),
            Map.entry("request", fields.request()),
            Map.entry("token", fields.token())));
  }

  private static List<String> inWords(AuthorizationRequest request, Messages texts) {
    return request.scopes().names().stream()
        .map(
            scope ->
                SCOPES_IN_WORDS.contains(scope)
                    ? texts.of("scope." + scope)
                    : texts.of("scope.other", scope))
        .toList();
  }

  /** The name; empty where a stranger gives none. */
  private static String name(Client client, Language language) {
    var plain = plain(client.name().in(language.tag()));
    return plain.isEmpty() && !client.isStranger() ? client.id() : plain;
  }

  /** The name without whatever could make it look like something else on the page. */
  private static String plain(String name) {
    return name.codePoints()
        .map(point -> isBlank(point) ? ' ' : point)
        .filter(point -> !Character.isISOControl(point) && !isInvisible(point))
        .limit(MAX_NAME)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .strip();
  }

  private static boolean isBlank(int point) {
    return Character.isWhitespace(point) || Character.getType(point) == Character.SPACE_SEPARATOR;
  }

  private static boolean isInvisible(int point) {
    return switch (Character.getType(point)) {
      case Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> FILLERS.matcher(Character.toString(point)).matches();
    };
  }

  /** What the form sends back: the sealed request, and the token that binds it to the browser. */
  record Fields(String request, String token) {}
}
