package dev.keyturn.given;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.oauth.PkceChallenge;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A provider on loopback at which clients register, and that is strict with them: it knows each by
 * its own secret and method, and codes and refresh tokens are good for their own client alone.
 */
public final class RegisteringProvider {
  public static final String SUBJECT = "alice-1";

  /** The clients and how they stand. */
  public final RegistrationDesk desk;

  /** Changes the metadata document. */
  public volatile UnaryOperator<JsonObject> metadata = document -> document;

  /** The status of every answer; 200 is honest. */
  public volatile int status = 200;

  /** The error of every token answer, if there is one. */
  public volatile Optional<String> tokenError = Optional.empty();

  /** What the token endpoint was sent, with the client that sent it. */
  public final List<String> tokenRequests = new CopyOnWriteArrayList<>();

  /** What was answered there: {@code ok} or the error. */
  public final List<String> tokenAnswers = new CopyOnWriteArrayList<>();

  private final ECKey key = FakeOidc.newKey("one");
  private final Map<String, Map<String, List<String>>> codes = new ConcurrentHashMap<>();
  private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
  private final AtomicInteger serial = new AtomicInteger();
  private final Clock clock;
  private final HttpServer server;

  private RegisteringProvider(Vertx vertx, Clock clock) {
    this.clock = clock;
    this.server =
        Outcome.of(vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
    this.desk = new RegistrationDesk(url("/register"), clock);
  }

  /** Starts one; it ends with {@code vertx}. */
  public static RegisteringProvider start(Vertx vertx, Clock clock) {
    return new RegisteringProvider(vertx, clock);
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  /** Logs somebody in as a browser would, and gives the code that the browser brings back. */
  public String authorize(URI request) {
    var parameters = new QueryStringDecoder(request).parameters();
    var client = desk.find(parameters.get("client_id").get(0));
    var wanted = parameters.get("redirect_uri").get(0);
    if (client.filter(known -> known.getJsonArray("redirect_uris").contains(wanted)).isEmpty()) {
      throw new IllegalArgumentException("no such client, or not with that redirect_uri");
    }
    var code = "code-" + serial.incrementAndGet();
    codes.put(code, parameters);
    return code;
  }

  private void serve(HttpServerRequest request) {
    if (status != 200) {
      request.response().setStatusCode(status).end();
      return;
    }
    switch (request.path()) {
      case "/.well-known/openid-configuration" -> end(request, 200, metadata.apply(document()));
      case "/jwks" -> end(request, 200, new JsonObject(new JWKSet(key).toJSONObject(true)));
      case "/user" -> end(request, 200, new JsonObject().put("sub", SUBJECT));
      case "/authorize" -> redirect(request);
      case "/token" -> request.setExpectMultipart(true).body().onSuccess(body -> redeem(request));
      default -> request.body().onSuccess(body -> desk.serve(request, body));
    }
  }

  private JsonObject document() {
    return new JsonObject()
        .put("issuer", url(""))
        .put("authorization_endpoint", url("/authorize"))
        .put("token_endpoint", url("/token"))
        .put("jwks_uri", url("/jwks"))
        .put("registration_endpoint", url("/register"))
        .put("code_challenge_methods_supported", List.of("S256"));
  }

  private void redirect(HttpServerRequest request) {
    var target =
        request.getParam("redirect_uri")
            + "?code="
            + authorize(URI.create(request.absoluteURI()))
            + "&state="
            + request.getParam("state");
    request.response().setStatusCode(302).putHeader("Location", target).end();
  }

  private void redeem(HttpServerRequest request) {
    var form = request.formAttributes();
    var client = client(request);
    tokenRequests.add(form.get("grant_type") + " of " + client.orElse("nobody"));
    var error =
        tokenError.or(
            () -> client.isEmpty() ? Optional.of("invalid_client") : mistake(client.get(), form));
    tokenAnswers.add(error.orElse("ok"));
    if (error.isPresent()) {
      end(
          request,
          error.get().equals("invalid_client") ? 401 : 400,
          new JsonObject().put("error", error.get()));
      return;
    }
    var nonce = Optional.ofNullable(codes.remove(String.valueOf(form.get("code"))));
    end(request, 200, tokens(client.get(), nonce.map(asked -> asked.get("nonce").get(0))));
  }

  /** Who has proved to be a client, by the one way that was agreed on. */
  private Optional<String> client(HttpServerRequest request) {
    var form = request.formAttributes();
    var basic =
        Optional.ofNullable(request.getHeader("Authorization"))
            .map(header -> Base64.getDecoder().decode(header.replace("Basic ", "")))
            .map(pair -> new String(pair, StandardCharsets.UTF_8).split(":", 2));
    var id = basic.map(pair -> decoded(pair[0])).orElse(String.valueOf(form.get("client_id")));
    var method =
        basic.isPresent()
            ? "client_secret_basic"
            : form.contains("client_secret") ? "client_secret_post" : "none";
    var secret =
        basic.map(pair -> decoded(pair[1])).orElse(String.valueOf(form.get("client_secret")));
    return desk.isProven(id, method, secret) ? Optional.of(id) : Optional.empty();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private Optional<String> mistake(String client, MultiMap form) {
    if ("refresh_token".equals(form.get("grant_type"))) {
      return client.equals(refreshTokens.get(form.get("refresh_token")))
          ? Optional.empty()
          : Optional.of("invalid_grant");
    }
    var asked = codes.get(String.valueOf(form.get("code")));
    return asked != null
            && asked.get("client_id").get(0).equals(client)
            && new PkceChallenge(asked.get("code_challenge").get(0))
                .isProvenBy(form.get("code_verifier"))
        ? Optional.empty()
        : Optional.of("invalid_grant");
  }

  private JsonObject tokens(String client, Optional<String> nonce) {
    var now = clock.instant();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(url(""))
            .subject(SUBJECT)
            .audience(client)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))));
    nonce.ifPresent(value -> claims.claim("nonce", value));
    var number = serial.incrementAndGet();
    refreshTokens.put("rt-" + number, client);
    return new JsonObject()
        .put("access_token", "at-" + number)
        .put("refresh_token", "rt-" + number)
        .put("token_type", "Bearer")
        .put("expires_in", 300)
        .put("id_token", FakeOidc.signed(claims.build(), key));
  }

  static void end(HttpServerRequest request, int status, JsonObject body) {
    end(request, status, body.toBuffer());
  }

  static void end(HttpServerRequest request, int status, Buffer body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body);
  }
}
