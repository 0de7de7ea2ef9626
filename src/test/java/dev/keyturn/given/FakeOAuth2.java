package dev.keyturn.given;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A GitHub-shaped provider on loopback: no discovery, no ID token, errors at status 200. */
public final class FakeOAuth2 {
  /** The type of the token answer. */
  public volatile String tokenType = "application/json";

  /** The token answer. */
  public volatile String token =
      "{\"access_token\":\"gho_1\",\"token_type\":\"bearer\",\"scope\":\"repo,user\"}";

  public volatile int tokenStatus = 200;

  /** The person; the id is beyond what a double holds exactly. */
  public volatile String user = "{\"id\":9007199254740993,\"login\":\"alice\",\"email\":null}";

  public volatile int userStatus = 200;
  public final List<MultiMap> tokenForms = new CopyOnWriteArrayList<>();
  public final List<MultiMap> userHeaders = new CopyOnWriteArrayList<>();
  public final List<String> userMethods = new CopyOnWriteArrayList<>();

  /** Which client secrets the token endpoint takes. */
  public final KnownSecrets secrets = new KnownSecrets();

  private final HttpServer server;

  private FakeOAuth2(Vertx vertx) {
    this.server =
        Outcome.of(vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
  }

  /** Starts one; it ends with {@code vertx}. */
  public static FakeOAuth2 start(Vertx vertx) {
    return new FakeOAuth2(vertx);
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  private void serve(HttpServerRequest request) {
    if (request.getHeader("User-Agent") == null) {
      request.response().setStatusCode(403).end("Request forbidden by administrative rules.");
      return;
    }
    switch (request.path()) {
      case "/login/oauth/authorize" -> redirect(request);
      case "/login/oauth/access_token" ->
          request.setExpectMultipart(true).body().onSuccess(body -> redeem(request));
      case "/user" -> {
        userHeaders.add(request.headers());
        userMethods.add(request.method().name());
        request
            .response()
            .setStatusCode(userStatus)
            .putHeader("Content-Type", "application/json")
            .end(user);
      }
      default -> request.response().setStatusCode(404).end();
    }
  }

  private static void redirect(HttpServerRequest request) {
    var state = URLEncoder.encode(request.getParam("state"), StandardCharsets.UTF_8);
    request
        .response()
        .setStatusCode(302)
        .putHeader("Location", request.getParam("redirect_uri") + "?code=c&state=" + state)
        .end();
  }

  private void redeem(HttpServerRequest request) {
    tokenForms.add(request.formAttributes());
    if (!secrets.admit(request)) {
      request
          .response()
          .putHeader("Content-Type", "application/json")
          .end("{\"error\":\"incorrect_client_credentials\"}");
      return;
    }
    request.response().setStatusCode(tokenStatus).putHeader("Content-Type", tokenType).end(token);
  }
}
