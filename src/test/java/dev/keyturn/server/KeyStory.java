package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Patience;
import dev.keyturn.store.MemoryStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A server with one signing key, a provider that lets everybody in, and a client that logs in. */
final class KeyStory implements AutoCloseable {
  private static final String CALLBACK = "http://127.0.0.1:33418/callback";
  private static final Pattern HIDDEN = Pattern.compile("name=\"(\\w+)\" value=\"([^\"]*)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final Vertx vertx = Vertx.vertx();
  private final AuthorizationServer server;
  private final String issuer;

  private KeyStory(Path folder, Optional<String> algorithm) throws IOException {
    var provider = FakeOidc.start(vertx, Clock.systemUTC());
    var tools =
        done(
            vertx
                .createHttpServer()
                .requestHandler(request -> request.response().end("tool"))
                .listen(0, "127.0.0.1"));
    int port;
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    issuer = "http://127.0.0.1:" + port;
    var reader = new RunConfigReader(Map.of("SECRET", "upstream-secret"), new SecureRandom());
    var document =
        """
        issuer: %s
        server: {port: %d, management_port: 0}
        storage: {type: memory}
        signing_key_config: {signing_key_file: key.pem%s}
        scopes_supported: [openid, offline_access, "mcp:tools"]
        upstreams:
          - name: fake
            type: oidc
            oidc_config:
              {issuer_url: "%s", client_id: keyturn, client_secret_env_var: SECRET, scopes: [openid]}
        gateway:
          backends:
            - {path: /mcp, url: "http://127.0.0.1:%d/", scopes: ["mcp:tools"], outgoing: {type: unauthenticated}}
        """
            .formatted(
                issuer,
                port,
                algorithm.map(name -> ", algorithm: " + name).orElse(""),
                provider.issuer(),
                tools.actualPort());
    var config =
        reader
            .read(document.replace("key.pem", folder.resolve("key.pem").toString()), folder)
            .orElseThrow(() -> new AssertionError(reader.findings().errors()));
    server = new AuthorizationServer(vertx, config, means(), new BusNames(""));
    done(server.start());
  }

  static KeyStory of(Path folder, String keyFile, Optional<String> algorithm) throws IOException {
    try (var in = KeyStory.class.getResourceAsStream("/dev/keyturn/keys/" + keyFile)) {
      Files.write(folder.resolve("key.pem"), Objects.requireNonNull(in).readAllBytes());
    }
    return new KeyStory(folder, algorithm);
  }

  /** Registers, asks, approves, comes back, and redeems the code. */
  JsonObject logIn() throws Exception {
    var clientId = register();
    var page = get("/oauth/authorize?" + form(request(clientId)));
    var fields = new LinkedHashMap<String, String>();
    var hidden = HIDDEN.matcher(page.body());
    while (hidden.find()) {
      fields.putIfAbsent(hidden.group(1), hidden.group(2));
    }
    fields.put("decision", "allow");
    var provider = location(post("/oauth/consent", fields));
    var callback = location(send(HttpRequest.newBuilder(provider)));
    var handed = location(send(HttpRequest.newBuilder(callback)));
    var code = new QueryStringDecoder(handed).parameters().get("code").get(0);
    var redemption = new LinkedHashMap<String, String>();
    redemption.put("grant_type", "authorization_code");
    redemption.put("code", code);
    redemption.put("redirect_uri", CALLBACK);
    redemption.put("client_id", clientId);
    redemption.put("code_verifier", "v".repeat(43));
    return new JsonObject(post("/oauth/token", redemption).body());
  }

  int throughGateway(String token) throws Exception {
    return with(token, "/mcp");
  }

  int userinfo(String token) throws Exception {
    return with(token, "/oauth/userinfo");
  }

  JsonObject metadata() throws Exception {
    return new JsonObject(get("/.well-known/openid-configuration").body());
  }

  @Override
  public void close() {
    done(server.stop());
    done(vertx.close());
  }

  private static Means means() {
    return new Means(
        new MemoryStore(Clock.systemUTC(), 1000),
        CryptoProvider.detect(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        event -> {},
        new SecureRandom(),
        Clock.systemUTC());
  }

  private static Map<String, String> request(String clientId) {
    var request = new LinkedHashMap<String, String>();
    request.put("client_id", clientId);
    request.put("redirect_uri", CALLBACK);
    request.put("response_type", "code");
    request.put("scope", "openid mcp:tools");
    request.put("state", "s".repeat(22));
    request.put("code_challenge", "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM");
    request.put("code_challenge_method", "S256");
    return request;
  }

  private String register() throws Exception {
    var metadata =
        new JsonObject()
            .put("redirect_uris", new JsonArray().add(CALLBACK))
            .put("token_endpoint_auth_method", "none");
    var answer =
        send(
            HttpRequest.newBuilder(URI.create(issuer + "/oauth/register"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(metadata.encode())));
    return new JsonObject(answer.body()).getString("client_id");
  }

  private int with(String token, String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(issuer + path))
            .header("Authorization", "Bearer " + token))
        .statusCode();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(issuer + path)));
  }

  private HttpResponse<String> post(String path, Map<String, String> form) throws Exception {
    return send(
        HttpRequest.newBuilder(URI.create(issuer + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form(form))));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    var answer = client.send(request.timeout(Patience.LONG).build(), BodyHandlers.ofString());
    for (var line : answer.headers().allValues("Set-Cookie")) {
      var cookie = line.substring(0, line.indexOf(';'));
      var equals = cookie.indexOf('=');
      cookies.put(cookie.substring(0, equals), cookie.substring(equals + 1));
    }
    return answer;
  }

  private static URI location(HttpResponse<String> answer) {
    return URI.create(
        answer
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new AssertionError(answer.statusCode() + " " + answer.body())));
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }
}
