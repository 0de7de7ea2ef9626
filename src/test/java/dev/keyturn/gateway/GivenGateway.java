package dev.keyturn.gateway;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.given.Patience;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A gateway on loopback in front of a backend that remembers what it was asked. */
final class GivenGateway implements AutoCloseable {
  static final String TOKEN = "client-token";
  static final String UPSTREAM_TOKEN = "upstream-token";
  static final ResourceIndicator RESOURCE = new ResourceIndicator("https://mcp.example.com/mcp");
  static final Scopes SCOPES = Scopes.parse("mcp:read mcp:write");
  static final String METADATA = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

  final Vertx vertx = Vertx.vertx();
  final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  final Queue<Thread> asking = new ConcurrentLinkedQueue<>();
  final Queue<Thread> answering = new ConcurrentLinkedQueue<>();
  final HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(100));
  volatile Handler<HttpServerRequest> backend = request -> request.response().end("ok");
  volatile UpstreamTokens upstreams = (token, upstream) -> Future.succeededFuture(UPSTREAM_TOKEN);
  volatile TokenVerifier verifier = GivenGateway::verify;

  private final HttpServer origin;
  private int port;

  GivenGateway() {
    origin = done(vertx.createHttpServer().requestHandler(this::remember).listen(0, "127.0.0.1"));
  }

  /** What the backend was asked. */
  record Seen(String method, String uri, MultiMap headers) {}

  record Answer(int status, MultiMap headers, String body) {
    String challenge() {
      return headers.get("WWW-Authenticate");
    }
  }

  GivenGateway open() {
    return open(Transport.DEFAULT_MAX_BODY, backend("/mcp", new UpstreamInject("default")));
  }

  GivenGateway open(Outgoing outgoing) {
    return open(Transport.DEFAULT_MAX_BODY, backend("/mcp", outgoing));
  }

  GivenGateway open(long maxBody, Backend... backends) {
    var router = Router.router(vertx);
    router.route().handler(this::watchThreads);
    router.route("/oauth/token").handler(context -> context.response().end("endpoint"));
    new Gateway(
            new Backends(List.of(backends), List.of("/oauth/token")),
            token -> verifier.verify(token),
            (token, upstream) -> upstreams.accessToken(token, upstream),
            Transport.open(vertx, maxBody))
        .mount(router);
    port =
        done(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
    return this;
  }

  Backend backend(String path, Outgoing outgoing) {
    var resource = new ResourceIndicator("https://mcp.example.com" + path);
    return new Backend(
        path,
        resource,
        url("/inner"),
        SCOPES,
        List.of(Audience.of(RESOURCE), Audience.of(resource)),
        outgoing);
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + origin.actualPort() + path);
  }

  int port() {
    return port;
  }

  String authority() {
    return "127.0.0.1:" + origin.actualPort();
  }

  void stopBackend() {
    done(origin.close());
  }

  /** A GET with the good token. */
  Answer get(String uri) {
    return send(HttpMethod.GET, uri, Map.of("Authorization", "Bearer " + TOKEN), Buffer.buffer());
  }

  Answer send(HttpMethod method, String uri, Map<String, String> headers, Buffer body) {
    return done(
        request(method, uri, headers)
            .compose(request -> request.send(body).compose(GivenGateway::answer)));
  }

  /** Is called where the response arrives: a test's own thread could be late for its body. */
  static Future<Answer> answer(HttpClientResponse response) {
    return response
        .body()
        .map(body -> new Answer(response.statusCode(), response.headers(), body.toString()));
  }

  Future<HttpClientRequest> request(HttpMethod method, String uri, Map<String, String> headers) {
    return client
        .request(method, port, "127.0.0.1", uri)
        .onSuccess(request -> headers.forEach(request::putHeader));
  }

  Future<HttpClientRequest> authorized(HttpMethod method, String uri) {
    return request(method, uri, Map.of("Authorization", "Bearer " + TOKEN));
  }

  static AccessToken token(String audience, Scopes scopes) {
    return new AccessToken(
        "jti", "sub", "client", "sid", List.of(audience), scopes, Instant.MIN, Instant.MAX);
  }

  static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(Patience.SECONDS, Patience.UNIT);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Future<AccessToken> verify(String token) {
    return switch (token) {
      case TOKEN -> Future.succeededFuture(token(RESOURCE.value(), SCOPES));
      case "foreign" -> Future.succeededFuture(token("https://other.example.com", SCOPES));
      case "narrow" -> Future.succeededFuture(token(RESOURCE.value(), Scopes.parse("mcp:read")));
      default -> Future.failedFuture(INVALID_TOKEN.because("the access token has ended"));
    };
  }

  private void watchThreads(RoutingContext context) {
    asking.add(Thread.currentThread());
    context.addHeadersEndHandler(end -> answering.add(Thread.currentThread()));
    context.next();
  }

  private void remember(HttpServerRequest request) {
    seen.add(new Seen(request.method().name(), request.uri(), request.headers()));
    backend.handle(request);
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
