package dev.keyturn.given;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.oauth.PkceChallenge;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** An OpenID provider on loopback that is honest until a test tells it to lie. */
public final class FakeOidc {
  /** Whom everybody is, unless a test says otherwise. */
  public static final String SUBJECT = "alice-1";

  /** The key of an honest provider. */
  public final ECKey key = newKey("one");

  /** The keys that are published; private parts are left out. */
  public volatile List<JWK> published = List.of(key);

  /** Changes the claims of the next ID tokens. */
  public volatile UnaryOperator<JWTClaimsSet.Builder> claims = builder -> builder;

  /** Spells an ID token. */
  public volatile Function<JWTClaimsSet, String> spelling = claims -> signed(claims, key);

  /** Changes the token answer. */
  public volatile UnaryOperator<JsonObject> answer = tokens -> tokens;

  /** Changes the metadata document. */
  public volatile UnaryOperator<JsonObject> metadata = document -> document;

  /** The header of the key set. */
  public volatile String cacheControl = "max-age=300";

  /** Whether the key set alone cannot be had. */
  public volatile boolean keysAway;

  /** The status of every answer; 200 is honest. */
  public volatile int status = 200;

  /** The status of token answers. */
  public volatile int tokenStatus = 200;

  /** More headers of token answers. */
  public volatile Map<String, String> headers = Map.of();

  /** Whether the connection of a token request is cut after the request has been read. */
  public volatile boolean cutAtToken;

  public volatile JsonObject userinfo = new JsonObject().put("sub", SUBJECT);

  /** What the token endpoint was sent. */
  public final List<MultiMap> tokenForms = new CopyOnWriteArrayList<>();

  public final List<MultiMap> tokenHeaders = new CopyOnWriteArrayList<>();
  public final AtomicInteger keyRequests = new AtomicInteger();

  /** Everything that was asked, also while the provider was down. */
  public final AtomicInteger requests = new AtomicInteger();

  public final AtomicInteger metadataRequests = new AtomicInteger();

  /** Which client secrets the token endpoint takes. */
  public final KnownSecrets secrets = new KnownSecrets();

  /** Where token requests can be held back. */
  public final Gate tokenGate = new Gate();

  public final OpenConnections connections = new OpenConnections();

  private final Map<String, Map<String, List<String>>> codes = new ConcurrentHashMap<>();
  private volatile String refusedScope = "-";
  private final AtomicInteger serial = new AtomicInteger();
  private final Clock clock;
  private final HttpServer server;

  private FakeOidc(Vertx vertx, Clock clock) {
    this.clock = clock;
    this.server =
        Outcome.of(
            vertx
                .createHttpServer()
                .connectionHandler(connections::add)
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1"));
  }

  /** Starts one; it ends with {@code vertx}. */
  public static FakeOidc start(Vertx vertx, Clock clock) {
    return new FakeOidc(vertx, clock);
  }

  public String issuer() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Listens no more. */
  public void stop() {
    Outcome.of(server.close());
  }

  /** Refuses a refresh that asks for {@code scope}. */
  public void refuseScope(String scope) {
    refusedScope = scope;
  }

  /** Logs somebody in as a browser would, and gives the code that the browser brings back. */
  public String authorize(URI request) {
    var code = "code-" + serial.incrementAndGet();
    codes.put(code, new QueryStringDecoder(request).parameters());
    return code;
  }

  public static ECKey newKey(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code claims} under {@code key}, which the header names if it has a name. */
  public static String signed(JWTClaimsSet claims, ECKey key) {
    try {
      var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
      var jwt = new SignedJWT(header, claims);
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(HttpServerRequest request) {
    requests.incrementAndGet();
    if (status != 200) {
      request.response().setStatusCode(status).end();
      return;
    }
    switch (request.path()) {
      case "/.well-known/openid-configuration" -> {
        metadataRequests.incrementAndGet();
        end(request, metadata.apply(document()));
      }
      case "/authorize" -> redirect(request);
      case "/token" ->
          request
              .setExpectMultipart(true)
              .body()
              .compose(body -> tokenGate.pass())
              .onSuccess(go -> redeem(request));
      case "/userinfo" -> end(request, userinfo);
      case "/jwks" -> {
        keyRequests.incrementAndGet();
        if (keysAway) {
          request.response().setStatusCode(503).end();
          return;
        }
        request.response().putHeader("Cache-Control", cacheControl);
        end(request, new JsonObject(new JWKSet(published).toJSONObject(true)));
      }
      default -> request.response().setStatusCode(404).end();
    }
  }

  private JsonObject document() {
    return new JsonObject()
        .put("issuer", issuer())
        .put("authorization_endpoint", issuer() + "/authorize")
        .put("token_endpoint", issuer() + "/token")
        .put("userinfo_endpoint", issuer() + "/userinfo")
        .put("jwks_uri", issuer() + "/jwks");
  }

  private void redirect(HttpServerRequest request) {
    var code = authorize(URI.create(request.absoluteURI()));
    var target =
        request.getParam("redirect_uri")
            + "?code="
            + code
            + "&state="
            + URLEncoder.encode(request.getParam("state"), StandardCharsets.UTF_8);
    request.response().setStatusCode(302).putHeader("Location", target).end();
  }

  private void redeem(HttpServerRequest request) {
    tokenForms.add(request.formAttributes());
    tokenHeaders.add(request.headers());
    var form = request.formAttributes();
    if (!secrets.admit(request)) {
      request.response().setStatusCode(401);
      end(request, new JsonObject().put("error", "invalid_client"));
      return;
    }
    if (String.valueOf(form.get("scope")).contains(refusedScope)) {
      request.response().setStatusCode(400);
      end(request, new JsonObject().put("error", "invalid_scope"));
      return;
    }
    var known = codes.remove(String.valueOf(form.get("code")));
    if (form.get("code") != null && (known == null || !isProven(known, form))) {
      request.response().setStatusCode(400);
      end(request, new JsonObject().put("error", "invalid_grant"));
      return;
    }
    if (cutAtToken) {
      request.connection().close();
      return;
    }
    request.response().setStatusCode(tokenStatus);
    headers.forEach(request.response()::putHeader);
    end(request, answer.apply(tokens(known)));
  }

  private static boolean isProven(Map<String, List<String>> request, MultiMap form) {
    return new PkceChallenge(request.get("code_challenge").get(0))
        .isProvenBy(form.get("code_verifier"));
  }

  private JsonObject tokens(Map<String, List<String>> request) {
    var now = clock.instant();
    var builder =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .subject(SUBJECT)
            .audience("keyturn")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))))
            .claim("name", "Alice");
    if (request != null) {
      builder.claim("nonce", request.get("nonce").get(0));
    }
    var number = serial.incrementAndGet();
    return new JsonObject()
        .put("access_token", "at-" + number)
        .put("refresh_token", "rt-" + number)
        .put("token_type", "Bearer")
        .put("expires_in", 300)
        .put("id_token", spelling.apply(claims.apply(builder).build()));
  }

  private static void end(HttpServerRequest request, JsonObject body) {
    request.response().putHeader("Content-Type", "application/json").end(body.toBuffer());
  }
}
