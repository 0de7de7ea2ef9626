package dev.keyturn.http;

import static dev.keyturn.given.Futures.done;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;

/** A request that came by no wire. */
public final class GivenRequest {
  /** The address of whoever sent it. */
  public static final String ADDRESS = "192.0.2.7";

  private GivenRequest() {}

  /** One without a body that has these headers. */
  public static Request with(Map<String, String> headers) {
    var all = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    var request =
        proxy(
            HttpServerRequest.class,
            (method, arguments) ->
                switch (method.getName()) {
                  case "isEnded" -> true;
                  case "method" -> HttpMethod.GET;
                  case "headers" -> all;
                  case "getHeader" -> all.get((String) arguments[0]);
                  case "remoteAddress" -> SocketAddress.inetSocketAddress(7777, ADDRESS);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
    var context =
        proxy(
            RoutingContext.class,
            (method, arguments) ->
                switch (method.getName()) {
                  case "request" -> request;
                  case "get" -> null;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
    return done(Request.read(context, "r1"));
  }

  private static <T> T proxy(Class<T> type, Calls calls) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> calls.answer(method, arguments)));
  }

  /** What the calls of an interface are answered with. */
  @FunctionalInterface
  private interface Calls {
    Object answer(Method method, Object[] arguments);
  }
}
