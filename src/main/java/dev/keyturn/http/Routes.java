package dev.keyturn.http;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.ThrottledException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts endpoints on a router, and does for each what none may forget: the body's bound, refusals in
 * the right form, security headers, CORS for programs only, HEAD, OPTIONS and 405.
 */
public final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private final Refusals refusals;
  private final SecureRandom random;

  /**
   * @param refusals gives failures their form
   * @param random names requests
   */
  public Routes(Refusals refusals, SecureRandom random) {
    this.refusals = refusals;
    this.random = random;
  }

  /** Refuses two endpoints at one place, of which only the last would answer. */
  public static void requireApart(Collection<? extends Endpoint> endpoints) {
    var taken = new HashSet<String>();
    endpoints.stream()
        .flatMap(endpoint -> endpoint.routes().stream())
        .flatMap(
            route ->
                route.paths().stream()
                    .flatMap(path -> route.methods().stream().map(method -> method + " " + path)))
        .filter(place -> !taken.add(place))
        .findFirst()
        .ifPresent(
            place -> {
              throw new IllegalArgumentException("two endpoints answer " + place);
            });
  }

  /** Mounts every route of every endpoint. */
  public void mount(Router router, Collection<? extends Endpoint> endpoints) {
    var byPath = new LinkedHashMap<String, Map<String, Route>>();
    for (var endpoint : endpoints) {
      for (var route : endpoint.routes()) {
        for (var path : route.paths()) {
          var methods = byPath.computeIfAbsent(path, key -> new TreeMap<>());
          route.methods().forEach(method -> methods.put(method, route));
        }
      }
    }
    byPath.forEach(
        (path, methods) -> router.route(path).handler(context -> handle(context, path, methods)));
  }

  private void handle(RoutingContext context, String path, Map<String, Route> methods) {
    if (!isSpelledOut(context, path)) {
      context.next();
      return;
    }
    var method = context.request().method().name();
    var route = methods.get(method.equals("HEAD") ? "GET" : method);
    if (route != null) {
      answer(context, route);
    } else if (method.equals("OPTIONS")) {
      answerOptions(context.request(), methods);
    } else {
      refuseMethod(context, methods);
    }
  }

  /**
   * Whether the path of the request is that of the route as it stands. The router would also take
   * one with a slash too many, with dot segments, or with letters in percent-encoding, which a
   * proxy in front may have judged as another path.
   */
  private static boolean isSpelledOut(RoutingContext context, String path) {
    var asked = context.request().path();
    return asked.equals(context.normalizedPath()) && asked.endsWith("/") == path.endsWith("/");
  }

  private void answer(RoutingContext context, Route route) {
    var id = requestId();
    admitted(context, route)
        .compose(admitted -> Request.read(context, id))
        .compose(route.action()::answer)
        .recover(
            failure ->
                refusals.answer(failure, route.audience(), id, Request.languageWish(context)))
        .onSuccess(reply -> write(context, route.audience(), reply))
        .onFailure(failure -> giveUp(context, id, failure));
  }

  /** A request too many is refused unread, but the client is let finish what it sends. */
  private static Future<Void> admitted(RoutingContext context, Route route) {
    try {
      route.throttle().admit(Network.of(Proxies.noted(context)));
      return Future.succeededFuture();
    } catch (ThrottledException refusal) {
      Request.discard(context.request());
      return Future.failedFuture(refusal);
    }
  }

  /** Not even the page that says so could be made. */
  private static void giveUp(RoutingContext context, String id, Throwable failure) {
    LOG.atError().setMessage("no answer").addKeyValue("request", id).setCause(failure).log();
    write(context, Route.Audience.PROGRAM, Reply.empty(500));
  }

  private static void write(RoutingContext context, Route.Audience audience, Reply reply) {
    var response = context.response();
    if (audience == Route.Audience.PROGRAM && !response.headWritten()) {
      Cors.allowReading(response);
    }
    SecurityHeaders.complete(reply, audience)
        .writeTo(response, context.request().method().name().equals("HEAD"));
  }

  private static void answerOptions(HttpServerRequest request, Map<String, Route> methods) {
    var forPrograms =
        methods.values().stream().allMatch(r -> r.audience() == Route.Audience.PROGRAM);
    SecurityHeaders.ofNoPage(request.response());
    if (forPrograms) {
      Cors.answerPreflight(request, allowed(methods));
    } else {
      request
          .response()
          .setStatusCode(204)
          .putHeader("Allow", String.join(", ", allowed(methods)))
          .end();
    }
  }

  private void refuseMethod(RoutingContext context, Map<String, Route> methods) {
    var audience = methods.values().iterator().next().audience();
    var refusal = INVALID_REQUEST.because("this method is not allowed here").error();
    refusals
        .answer(
            new OAuthException(refusal.withStatus(405)),
            audience,
            requestId(),
            Request.languageWish(context))
        .otherwise(failure -> Reply.empty(405))
        .map(reply -> reply.with("Allow", String.join(", ", allowed(methods))))
        .onSuccess(reply -> write(context, audience, reply));
  }

  private static Set<String> allowed(Map<String, Route> methods) {
    var allowed = new TreeSet<>(methods.keySet());
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    allowed.add("OPTIONS");
    return allowed;
  }

  private String requestId() {
    var bytes = new byte[9];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
