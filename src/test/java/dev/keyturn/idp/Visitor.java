package dev.keyturn.idp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.keyturn.given.Patience;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** A browser and a client in one: talks to a provider over HTTP and waits for each answer. */
final class Visitor {
  static final String VERIFIER = "v".repeat(43);
  static final String CHALLENGE = "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM";
  static final String REDIRECT_URI = "http://127.0.0.1:8080/oauth/callback";
  private static final Pattern REQUEST_ID =
      Pattern.compile("name=\"request\" value=\"([A-Za-z0-9_-]+)\"");

  private final Vertx vertx;
  private final HttpClient client;
  private final URI issuer;

  Visitor(Vertx vertx, URI issuer) {
    this.vertx = vertx;
    this.client = vertx.createHttpClient();
    this.issuer = issuer;
  }

  /** A request that is in order. */
  static Map<String, String> request() {
    var request = new LinkedHashMap<String, String>();
    request.put("client_id", "keyturn");
    request.put("redirect_uri", REDIRECT_URI);
    request.put("response_type", "code");
    request.put("scope", "openid email");
    request.put("state", "a state&more");
    request.put("nonce", "n-1");
    request.put("code_challenge", CHALLENGE);
    request.put("code_challenge_method", "S256");
    return request;
  }

  static Map<String, String> request(String name, String value) {
    var request = request();
    request.put(name, value);
    return request;
  }

  Answer authorize(Map<String, String> request) {
    return get("/authorize?" + form(request));
  }

  Answer logIn(Answer page, String username, String password) {
    return post(
        "/login", Map.of("request", requestId(page), "username", username, "password", password));
  }

  String code() {
    return logIn(authorize(request()), "ada", "lovelace").redirected().get("code");
  }

  static Map<String, String> redemption(String code) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", REDIRECT_URI);
    form.put("code_verifier", VERIFIER);
    form.put("client_id", "keyturn");
    form.put("client_secret", "s3cret");
    return form;
  }

  JsonObject tokens() {
    return post("/token", redemption(code())).json();
  }

  Answer refresh(String refreshToken) {
    return post(
        "/token",
        Map.of(
            "grant_type", "refresh_token",
            "refresh_token", refreshToken,
            "client_id", "keyturn",
            "client_secret", "s3cret"));
  }

  Answer get(String path) {
    return send(HttpMethod.GET, path, Map.of(), "");
  }

  Answer get(String path, String authorization) {
    return send(HttpMethod.GET, path, Map.of("Authorization", authorization), "");
  }

  Answer post(String path, Map<String, String> form) {
    return post(path, form, Map.of());
  }

  Answer post(String path, Map<String, String> form, Map<String, String> more) {
    var headers = new LinkedHashMap<>(more);
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    return send(HttpMethod.POST, path, headers, form(form));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(Patience.SECONDS, Patience.UNIT);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static String requestId(Answer page) {
    var matcher = REQUEST_ID.matcher(page.body());
    if (!matcher.find()) {
      throw new AssertionError("no login form in: " + page.body());
    }
    return matcher.group(1);
  }

  /** Sends from an event loop, so that no answer can arrive before somebody listens for it. */
  private Answer send(HttpMethod method, String path, Map<String, String> headers, String body) {
    var answer = Promise.<Answer>promise();
    vertx.runOnContext(
        now -> sendNow(method, path, headers, Buffer.buffer(body)).onComplete(answer));
    return await(answer.future());
  }

  private Future<Answer> sendNow(
      HttpMethod method, String path, Map<String, String> headers, Buffer body) {
    return client
        .request(method, issuer.getPort(), issuer.getHost(), path)
        .compose(
            request -> {
              headers.forEach(request::putHeader);
              return request.send(body);
            })
        .compose(response -> response.body().map(bytes -> Answer.of(response, bytes)));
  }

  private static String form(Map<String, String> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + "=" + URLEncoder.encode(value.getValue(), UTF_8))
        .collect(joining("&"));
  }

  record Answer(int status, MultiMap headers, String body) {
    static Answer of(HttpClientResponse response, Buffer body) {
      return new Answer(response.statusCode(), response.headers(), body.toString());
    }

    JsonObject json() {
      return new JsonObject(body);
    }

    String location() {
      return String.valueOf(headers.get("Location"));
    }

    /** The parameters of the authorization response. */
    Map<String, String> redirected() {
      var given = new LinkedHashMap<String, String>();
      new QueryStringDecoder(location())
          .parameters()
          .forEach((name, values) -> given.put(name, String.join("|", values)));
      return given;
    }

    String error() {
      return json().getString("error");
    }
  }
}
