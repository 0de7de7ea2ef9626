package dev.keyturn.http;

import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.ThrottledException;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a failure the form of its place: OAuth's JSON for programs, a page for people.
 *
 * <p>Whatever is not a refusal is answered without a description and logged once, with the
 * request's id, which a page shows too.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
 */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  /** Seconds, where whoever is away did not say when to come back. */
  private static final String SOON = "10";

  /** Seconds, where somebody did too much. */
  private static final String LATER = "60";

  private static final OAuthError TOO_MANY =
      new OAuthError(ErrorCode.TEMPORARILY_UNAVAILABLE, "too many requests: wait", 429);

  private final Pages pages;

  public Refusals(Pages pages) {
    this.pages = pages;
  }

  /** The answer for a refusal or a failure; never fails itself. */
  public Future<Reply> answer(
      Throwable failure, Route.Audience audience, String requestId, LanguageWish wish) {
    var error = errorOf(failure, requestId);
    var wait = wait(failure);
    var reply =
        audience == Route.Audience.PROGRAM
            ? Future.succeededFuture(Reply.json(error.status(), body(error)))
            : page(error, wait, requestId, pages.languageFor(wish));
    return error.status() == 503 || error.status() == 429
        ? reply.map(answer -> answer.with("Retry-After", wait))
        : reply;
  }

  private static String wait(Throwable failure) {
    if (failure instanceof UnavailableException away) {
      return away.retryAfterSeconds();
    }
    if (failure instanceof ThrottledException refusal) {
      return refusal.retryAfterSeconds();
    }
    return failure instanceof OAuthException refusal && refusal.error().status() == 429
        ? LATER
        : SOON;
  }

  /** The JSON of an error; an empty description is left out. */
  public static JsonObject body(OAuthError error) {
    var body = new JsonObject().put("error", error.code().wire());
    return error.description().isEmpty()
        ? body
        : body.put("error_description", ascii(error.description()));
  }

  private Future<Reply> page(OAuthError error, String wait, String requestId, Language language) {
    var texts = language.messages("http");
    var plight = Plight.of(error.status());
    return pages.render(
        language,
        error.status(),
        "http/error",
        Map.of(
            "title", texts.of(plight.key("title")),
            "text", texts.of(plight.key("text")),
            "detail", error.description(),
            "again", texts.of(plight.key("again"), wait),
            "requestId", requestId));
  }

  private static OAuthError errorOf(Throwable failure, String requestId) {
    if (failure instanceof OAuthException refusal) {
      LOG.atDebug()
          .setMessage("refused")
          .addKeyValue("request", requestId)
          .addKeyValue("error", refusal.error().code().wire())
          .log();
      return refusal.error();
    }
    if (failure instanceof ThrottledException) {
      return TOO_MANY;
    }
    if (failure instanceof UnavailableException) {
      LOG.atWarn()
          .setMessage("unavailable")
          .addKeyValue("request", requestId)
          .addKeyValue("reason", failure.getMessage())
          .log();
      return new OAuthError(ErrorCode.TEMPORARILY_UNAVAILABLE, "");
    }
    LOG.atError()
        .setMessage("request failed")
        .addKeyValue("request", requestId)
        .setCause(failure)
        .log();
    return new OAuthError(ErrorCode.SERVER_ERROR, "");
  }

  /** RFC 6749 allows printable ASCII without quote and backslash in a description. */
  private static String ascii(String description) {
    return description.replace('"', '\'').replaceAll("[^\\x20-\\x7E]|\\\\", "?");
  }

  /** What has befallen the person, as the page tells it. */
  enum Plight {
    UNAVAILABLE,
    BUSY,
    BROKEN,
    REFUSED;

    static Plight of(int status) {
      return switch (status) {
        case 503 -> UNAVAILABLE;
        case 429 -> BUSY;
        default -> status >= 500 ? BROKEN : REFUSED;
      };
    }

    /** The key of one of its texts: {@code title}, {@code text}, {@code again}. */
    String key(String part) {
      return "error." + name().toLowerCase(Locale.ROOT) + "." + part;
    }
  }
}
