package dev.keyturn.mcp;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * An MCP server on loopback with two tools, over streamable HTTP and without sessions.
 *
 * <p>It asks for no token itself: it stands behind a gateway, and its tool {@code whoami} tells
 * whose token the gateway put into the request.
 */
public final class SampleMcpServer {
  private static final String PATH = "/mcp";
  private static final int LARGEST_BODY = 1024 * 1024;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");
  private static final Pattern LOOPBACK_ORIGIN =
      Pattern.compile("https?://(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d{1,5})?");

  private final String host;
  private final int port;
  private final EventStreams streams;
  private final HttpServer server;

  /**
   * Makes a server that does not listen yet.
   *
   * @param host an address of loopback
   * @param port 0 for any that is free
   * @param issuer tells what a bearer token stands for; empty if it is not known or not live
   */
  public SampleMcpServer(
      Vertx vertx, String host, int port, Function<String, Future<Optional<TokenFacts>>> issuer) {
    if (!LOOPBACK.contains(host)) {
      throw new IllegalArgumentException("host must be one of 127.0.0.1, ::1 and localhost");
    }
    this.host = host;
    this.port = port;
    this.streams = new EventStreams(vertx);
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setIdleTimeout(60))
            .requestHandler(routes(vertx, new RpcEndpoint(new Protocol(new Tools(issuer)))));
  }

  /** Listens and tells the URL to send messages to. */
  public Future<URI> start() {
    var name = host.contains(":") ? "[" + host + "]" : host;
    return server
        .listen(port, host)
        .map(bound -> URI.create("http://" + name + ":" + bound.actualPort() + PATH));
  }

  /** Ends the open streams and stops listening. */
  public Future<Void> stop() {
    streams.closeAll();
    return server.close();
  }

  private Router routes(Vertx vertx, RpcEndpoint endpoint) {
    var router = Router.router(vertx);
    router
        .route(PATH)
        .handler(SampleMcpServer::refuseForeignPages)
        .failureHandler(failed -> failed.response().setStatusCode(failed.statusCode()).end());
    router
        .post(PATH)
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
        .handler(endpoint::answer);
    router.get(PATH).handler(streams::open);
    router.delete(PATH).handler(context -> context.response().end());
    return router;
  }

  /** A web page whose name was made to resolve to loopback still sends its own origin. */
  private static void refuseForeignPages(RoutingContext context) {
    var origin = context.request().getHeader("Origin");
    if (origin == null || LOOPBACK_ORIGIN.matcher(origin).matches()) {
      context.next();
      return;
    }
    context.response().setStatusCode(403).end();
  }
}
