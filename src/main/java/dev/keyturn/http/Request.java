package dev.keyturn.http;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A whole HTTP request, its body read and bounded. */
public final class Request {
  /** The most that an authorization endpoint reads of a body, in bytes. */
  public static final int MAX_BODY = 64 * 1024;

  private static final int MAX_DISCARDED = 1024 * 1024;
  private static final Duration MAX_BODY_TIME = Duration.ofSeconds(10);

  private static final Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT);

  private static final String LOCALES = "ui_locales";
  private static final String FORM = "application/x-www-form-urlencoded";

  private final RoutingContext context;
  private final String id;
  private final Buffer body;

  private Request(RoutingContext context, String id, Buffer body) {
    this.context = context;
    this.id = id;
    this.body = body;
  }

  /** Reads the request to its end, or fails with 413 at the first byte too many. */
  static Future<Request> read(RoutingContext context, String id) {
    return bodyOf(context.request())
        .timeout(MAX_BODY_TIME.toMillis(), TimeUnit.MILLISECONDS)
        .recover(Request::tooSlow)
        .map(body -> new Request(context, id, body));
  }

  /**
   * Whether somebody before us has read the body, so that nobody else can.
   *
   * <p>A request that simply has none is no loss.
   */
  public static boolean isBodyLost(HttpServerRequest request) {
    var length = Optional.ofNullable(request.getHeader("Content-Length"));
    var announced =
        length
            .map(text -> !text.equals("0"))
            .orElse(
                request.headers().contains("Transfer-Encoding")
                    || WITH_BODY.contains(request.method()));
    return request.isEnded() && announced;
  }

  /** The name of this request in logs and on error pages. */
  public String id() {
    return id;
  }

  /** The languages that whoever sent it would like to read. */
  public LanguageWish languageWish() {
    return languageWish(context);
  }

  /** Notes {@code ui_locales} of the authorization request that this request is about. */
  public void preferLocales(String locales) {
    context.put(LOCALES, locales);
  }

  static LanguageWish languageWish(RoutingContext context) {
    var accepted =
        LanguageWish.accepted(
            String.join(",", context.request().headers().getAll("Accept-Language")));
    return Optional.ofNullable(context.<String>get(LOCALES))
        .map(accepted::preferring)
        .orElse(accepted);
  }

  public String method() {
    return context.request().method().name();
  }

  public boolean isPost() {
    return method().equals("POST");
  }

  /** The parameters of the query. */
  public Parameters query() {
    var query = context.request().query();
    return query == null ? Parameters.NONE : Parameters.parse(query);
  }

  /** The parameters of the form in the body; any other kind of body is refused with 415. */
  public Parameters form() {
    requireContentType(FORM);
    return Parameters.parse(body.toString());
  }

  /** The body's bytes. */
  public Buffer body() {
    return body;
  }

  /** Refuses the request with 415 unless its body is of {@code type}. */
  public void requireContentType(String type) {
    var sent = header("Content-Type").orElse("").split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    if (!sent.equals(type)) {
      throw new OAuthException(
          INVALID_REQUEST.because("Content-Type must be " + type).error().withStatus(415));
    }
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(context.request().getHeader(name));
  }

  /** Every value of a header that may not be repeated, but may have been. */
  public List<String> headers(String name) {
    return context.request().headers().getAll(name);
  }

  /** The cookies of the request by name. */
  public Map<String, String> cookies() {
    return context.request().cookies().stream()
        .collect(Collectors.toMap(Cookie::getName, Cookie::getValue, (first, second) -> first));
  }

  /** The segment of the path that a route calls {@code :name}. */
  public String pathParameter(String name) {
    return Optional.ofNullable(context.pathParam(name)).orElse("");
  }

  /** The address of whoever sent it, as far as the proxies that are trusted say. */
  public String remoteAddress() {
    return Proxies.noted(context);
  }

  private static Future<Buffer> bodyOf(HttpServerRequest request) {
    if (request.isEnded()) {
      return isBodyLost(request)
          ? Future.failedFuture(new IllegalStateException("somebody has read the body before"))
          : Future.succeededFuture(Buffer.buffer());
    }
    var body = Buffer.buffer();
    var whole = Promise.<Buffer>promise();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() > MAX_BODY) {
            discard(request);
            whole.tryFail(tooLarge());
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(
        gone -> whole.tryFail(INVALID_REQUEST.because("the request broke off")));
    request.endHandler(end -> whole.tryComplete(body));
    request.resume();
    return whole.future();
  }

  /** Lets the client read the refusal while it still sends, but not send for ever. */
  static void discard(HttpServerRequest request) {
    var discarded = new AtomicInteger();
    request.handler(
        rest -> {
          if (discarded.addAndGet(rest.length()) > MAX_DISCARDED) {
            request.connection().close();
          }
        });
  }

  private static Future<Buffer> tooSlow(Throwable failure) {
    var late =
        new OAuthException(
            INVALID_REQUEST.because("the body took too long to arrive").error().withStatus(408));
    return Future.failedFuture(failure instanceof TimeoutException ? late : failure);
  }

  private static OAuthException tooLarge() {
    return new OAuthException(
        INVALID_REQUEST
            .because("the body is larger than " + MAX_BODY + " bytes")
            .error()
            .withStatus(413));
  }
}
