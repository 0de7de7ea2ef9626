package dev.keyturn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyturn.given.FakeOidc;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * An OpenID provider that takes each refresh token once and answers badly now and then, and the MCP
 * server for its tokens.
 */
final class OnceProvider implements AutoCloseable {
  static final Duration LIFE = Duration.ofSeconds(20);
  private static final Duration HANG = KillWorld.ANSWER_TIMEOUT.plusSeconds(2);

  private final ECKey key = FakeOidc.newKey("one");
  private final ECKey foreign = FakeOidc.newKey("one");
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final OnceGrants grants;
  private final KillOrder order;
  private volatile boolean silent;
  private volatile boolean troubled = true;

  OnceProvider(OnceGrants grants, KillOrder order) {
    this.grants = grants;
    this.order = order;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Refuses now and then without saying so to those who count. */
  void refuseSilently() {
    silent = true;
  }

  /** Is honest and well from now on. */
  void recover() {
    troubled = false;
    silent = false;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/.well-known/openid-configuration" -> say(exchange, 200, document());
      case "/jwks" -> say(exchange, 200, new JsonObject(new JWKSet(key).toJSONObject(true)));
      case "/authorize" -> authorize(exchange);
      case "/token" -> token(exchange);
      case "/mcp" -> say(exchange, 200, grants.describe(bearer(exchange)));
      default -> say(exchange, 404, new JsonObject());
    }
  }

  private JsonObject document() {
    return new JsonObject()
        .put("issuer", issuer())
        .put("authorization_endpoint", issuer() + "/authorize")
        .put("token_endpoint", issuer() + "/token")
        .put("jwks_uri", issuer() + "/jwks");
  }

  /** Whoever the request names is logged in. */
  private void authorize(HttpExchange exchange) throws IOException {
    var asked = parameters(exchange.getRequestURI().getRawQuery());
    var code = grants.code(one(asked, "person"), one(asked, "nonce"));
    var target = one(asked, "redirect_uri") + "?code=" + code + "&state=" + one(asked, "state");
    exchange.getResponseHeaders().set("Location", target);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void token(HttpExchange exchange) throws IOException {
    var form = parameters(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    if (one(form, "grant_type").equals("authorization_code")) {
      var login = grants.login(one(form, "code"));
      var tokens = grants.tokens(login.grant(), false);
      say(exchange, 200, tokens.put("id_token", idToken(login.grant(), login.nonce(), key)));
    } else {
      var process = KillWorld.processOf(one(form, "client_secret"));
      refresh(exchange, process, one(form, "refresh_token"));
    }
  }

  private void refresh(HttpExchange exchange, int process, String token) throws IOException {
    var grant = grants.of(token);
    grants.silent(grant);
    if (order.reached(process, KillStep.REQUEST_SENT, grants.entry(grant))) {
      exchange.close();
      return;
    }
    var fate = fate();
    switch (fate) {
      case AWAY -> say(exchange, 503, new JsonObject());
      case LATER -> {
        exchange.getResponseHeaders().set("Retry-After", "1");
        say(exchange, 429, new JsonObject());
      }
      case HANG -> {
        grants.lose(grant);
        pause();
        exchange.close();
      }
      case NEVER_ARRIVED -> {
        grants.lose(grant);
        exchange.close();
      }
      case REFUSED -> {
        grants.refuse(grant, !silent);
        refuse(exchange);
      }
      default -> redeem(exchange, process, new Redemption(grant, token, fate));
    }
  }

  /** What is planted comes up in the shortest run too. */
  private Fate fate() {
    if (!troubled) {
      return Fate.HONEST;
    }
    var planted = silent && ThreadLocalRandom.current().nextInt(10) == 0;
    return planted ? Fate.REFUSED : Fate.any();
  }

  private record Redemption(OnceGrants.Grant grant, String token, Fate fate) {}

  private void redeem(HttpExchange exchange, int process, Redemption asked) throws IOException {
    var grant = asked.grant();
    if (!grants.spend(grant, asked.token())) {
      refuse(exchange);
      return;
    }
    var forged = asked.fate() == Fate.FORGED;
    var tokens =
        grants.tokens(grant, forged).put("id_token", idToken(grant, "", forged ? foreign : key));
    if (order.reached(process, KillStep.TOKEN_SPENT, grants.entry(grant))) {
      exchange.close();
    } else if (asked.fate() == Fate.ANSWER_LOST) {
      grants.lose(grant);
      exchange.close();
    } else if (asked.fate() == Fate.GATEWAY_TIMEOUT) {
      grants.lose(grant);
      say(exchange, 504, new JsonObject());
    } else {
      grants.answered(grant);
      say(exchange, 200, tokens);
    }
  }

  private String idToken(OnceGrants.Grant grant, String nonce, ECKey signer) {
    var now = Instant.now();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .subject(grant.person())
            .audience("keyturn")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))));
    return FakeOidc.signed(
        (nonce.isEmpty() ? claims : claims.claim("nonce", nonce)).build(), signer);
  }

  private static void refuse(HttpExchange exchange) throws IOException {
    say(exchange, 400, new JsonObject().put("error", "invalid_grant"));
  }

  private static void say(HttpExchange exchange, int status, JsonObject json) throws IOException {
    var bytes = json.encode().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String bearer(HttpExchange exchange) {
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    return header == null ? "" : header.replaceFirst("^Bearer ", "");
  }

  private static Map<String, List<String>> parameters(String text) {
    return new QueryStringDecoder("?" + text).parameters();
  }

  private static String one(Map<String, List<String>> all, String name) {
    return String.join(" ", all.getOrDefault(name, List.of()));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(HANG.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
