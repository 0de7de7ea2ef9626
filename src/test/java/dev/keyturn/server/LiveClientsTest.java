package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Patience;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Reading;
import dev.keyturn.store.MemoryStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with TLS and a client that has a secret, whose files are swapped under it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LiveClientsTest {
  private static final String OLD = "old-0123456789abcdef0123456789abc";
  private static final String NEW = "new-0123456789abcdef0123456789abc";
  private static final String CLIENT =
      """
      clients:
        - {client_id: portal, redirect_uris: ["https://portal.example/cb"],
           client_secret_file: FILES/secret}
      """;
  private static final String BASE =
      """
      issuer: https://127.0.0.1:8443
      server: {port: 0, management_port: 0, tls: {cert_file: FILES/tls.crt, key_file: FILES/tls.key}}
      storage: {type: memory}
      secrets: {poll_interval: 100ms, propagation: 1m}
      upstreams:
        - {type: oidc, oidc_config: {issuer_url: "http://127.0.0.1:9", client_id: c}}
      gateway: {backends: [{path: /mcp, url: "http://127.0.0.1:9/mcp"}]}
      registration: {initial_access_token_file: FILES/token}
      """;

  private final Vertx vertx = Vertx.vertx();
  private final GivenCertificate first = GivenCertificate.good();
  private final Map<String, byte[]> content =
      new TreeMap<>(
          Map.of(
              "secret", Mount.bytes(OLD),
              "token", Mount.bytes(OLD),
              "tls.crt", Mount.bytes(first.certificatePem()),
              "tls.key", Mount.bytes(first.keyPem())));
  private final Mount files;
  private final Mount config;
  private AuthorizationServer server;

  LiveClientsTest(@TempDir Path folder) {
    files = new Mount(folder.resolve("files"));
    config = new Mount(folder.resolve("config"));
  }

  @BeforeEach
  void start() {
    files.swap(content);
    say(BASE + CLIENT);
    var random = new SecureRandom();
    var ephemeral = new Ephemeral(random);
    var watched =
        new WatchedConfig(
            config.file("keyturn.yaml"),
            new Disk(),
            disk -> new RunConfigReader(disk, Map.of(), ephemeral, Clock.systemUTC()),
            warning -> {});
    var read = watched.first();
    assertThat(read).isInstanceOf(Reading.Good.class);
    var means =
        new Means(
            new MemoryStore(Clock.systemUTC(), 1000),
            CryptoProvider.jdk("test"),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            event -> {},
            random,
            Clock.systemUTC());
    server =
        done(
            new AuthorizationServer(
                    vertx,
                    ((Reading.Good<RunConfig>) read).value(),
                    watched.files(),
                    means,
                    new BusNames(""))
                .start());
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private void say(String document) {
    config.swap("keyturn.yaml", document.replace("FILES", files.directory().toString()));
  }

  private void mount(String key, String text) {
    content.put(key, Mount.bytes(text));
    files.swap(content);
  }

  private void mount(GivenCertificate certificate) {
    content.put("tls.key", Mount.bytes(certificate.keyPem()));
    mount("tls.crt", certificate.certificatePem());
  }

  private static <T> void until(T wanted, Callable<T> now) {
    await().until(now, wanted::equals);
  }

  private HttpResponse<String> post(String path, String type, String authorization, String body) {
    return send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
            .header("Content-Type", type)
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Each request is a connection of its own. */
  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
      return HttpClient.newBuilder()
          .sslContext(context)
          .build()
          .send(request.timeout(Patience.LONG).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What a refresh with a made-up token is refused for: the client, or the token. */
  private String refusedFor(String secret) {
    var pair =
        Base64.getEncoder().encodeToString(("portal:" + secret).getBytes(StandardCharsets.UTF_8));
    var answer =
        post(
            "/oauth/token",
            "application/x-www-form-urlencoded",
            "Basic " + pair,
            "grant_type=refresh_token&refresh_token=x");
    return new JsonObject(answer.body()).getString("error");
  }

  private int registered(String token) {
    var body = "{\"redirect_uris\":[\"http://localhost/cb\"]}";
    return post("/oauth/register", "application/json", "Bearer " + token, body).statusCode();
  }

  private Certificate served() throws SSLPeerUnverifiedException {
    return post("/oauth/token", "text/plain", "none", "")
        .sslSession()
        .orElseThrow()
        .getPeerCertificates()[0];
  }

  private String refusedConfiguration() {
    var url = URI.create("http://127.0.0.1:" + server.managementPort() + "/readyz");
    var ready = new JsonObject(send(HttpRequest.newBuilder(url)).body());
    return ready.getJsonObject("configuration").getJsonArray("refused").encode();
  }

  @Test
  void another_certificate_is_served() {
    var next = GivenCertificate.good();
    mount(next);
    until(next.certificate(), this::served);
  }

  @Test
  void a_certificate_without_its_key_is_refused_and_the_old_one_is_served() throws Exception {
    mount("tls.crt", GivenCertificate.good().certificatePem());
    until(true, () -> refusedConfiguration().contains("server.tls.key_file"));
    assertThat(served()).isEqualTo(first.certificate());
  }

  @Test
  void a_certificate_is_served_as_soon_as_its_key_is_there_too() {
    var next = GivenCertificate.good();
    mount("tls.crt", next.certificatePem());
    until(true, () -> refusedConfiguration().contains("server.tls.key_file"));
    mount("tls.key", next.keyPem());
    until(next.certificate(), this::served);
  }

  @Test
  void another_secret_counts_and_the_old_one_does_not() {
    assertThat(refusedFor(OLD)).isEqualTo("invalid_grant");
    mount("secret", NEW);
    until("invalid_grant", () -> refusedFor(NEW));
    assertThat(refusedFor(OLD)).isEqualTo("invalid_client");
  }

  @Test
  void a_secret_follows_another_while_both_count_and_is_then_alone() {
    mount("secret-2", NEW);
    say(BASE + CLIENT.replace("_file: FILES/secret", "_files: [FILES/secret-2, FILES/secret]"));
    until("invalid_grant", () -> refusedFor(NEW));
    assertThat(refusedFor(OLD)).isEqualTo("invalid_grant");
    say(BASE + CLIENT.replace("_file: FILES/secret", "_files: [FILES/secret-2]"));
    until("invalid_client", () -> refusedFor(OLD));
    assertThat(refusedFor(NEW)).isEqualTo("invalid_grant");
  }

  @Test
  void a_secret_that_is_too_short_changes_nothing() {
    mount("secret", "short");
    until(true, () -> refusedConfiguration().contains("at least 32"));
    assertThat(refusedFor(OLD)).isEqualTo("invalid_grant");
  }

  @Test
  void a_client_that_is_removed_is_gone() {
    assertThat(refusedFor(OLD)).isEqualTo("invalid_grant");
    say(BASE);
    until("invalid_client", () -> refusedFor(OLD));
  }

  @Test
  void another_initial_access_token_counts_and_the_old_one_does_not() {
    assertThat(registered(OLD)).isEqualTo(201);
    mount("token", NEW);
    until(201, () -> registered(NEW));
    assertThat(registered(OLD)).isEqualTo(401);
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
