package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Patience;
import dev.keyturn.given.SettableClock;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Reading;
import dev.keyturn.store.MemoryStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server whose files are swapped under it, by a clock that goes when it is told to. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LiveConfigurationTest {
  private static final String BASE =
      """
      issuer: http://127.0.0.1:8080
      server: {port: 0, management_port: 0}
      storage: {type: memory}
      secrets: {poll_interval: 100ms, propagation: 1m}
      signing_key_config: {key_dir: KEYS, directory: true, jwks_max_age: 5m}
      hmac_secret_files: [KEYS/hmac]
      vault: {key_files: [KEYS/vault]}
      upstreams:
        - type: oidc
          oidc_config: {issuer_url: "http://127.0.0.1:9", client_id: c, client_key_file: KEYS/client}
      gateway: {backends: [{path: /mcp, url: "http://127.0.0.1:9/mcp"}]}
      """;

  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = new SettableClock();
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Object> heard = new CopyOnWriteArrayList<>();
  private final List<Finding> warned = new CopyOnWriteArrayList<>();
  private final BusNames names = new BusNames("");
  private final NewKey one = NewKey.make(SigningAlgorithm.ES256, random);
  private final NewKey two = NewKey.make(SigningAlgorithm.ES384, random);
  private final Map<String, byte[]> files =
      new TreeMap<>(
          Map.of(
              "1.pem", pem(one),
              "hmac", Mount.bytes("h".repeat(32)),
              "vault", vault(),
              "client", pem(two)));
  private final Mount keys;
  private final Mount config;
  private AuthorizationServer server;

  LiveConfigurationTest(@TempDir Path folder) {
    keys = new Mount(folder.resolve("keys"));
    config = new Mount(folder.resolve("config"));
  }

  @BeforeEach
  void start() {
    keys.swap(files);
    say(BASE);
    var ephemeral = new Ephemeral(random);
    var watched =
        new WatchedConfig(
            config.file("keyturn.yaml"),
            new Disk(),
            disk -> new RunConfigReader(disk, Map.of(), ephemeral, Clock.systemUTC()),
            warned::add);
    var first = watched.first();
    assertThat(first).isInstanceOf(Reading.Good.class);
    var means =
        new Means(
            new MemoryStore(clock, 1000),
            CryptoProvider.jdk("test"),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            heard::add,
            random,
            clock);
    server =
        done(
            new AuthorizationServer(
                    vertx, ((Reading.Good<RunConfig>) first).value(), watched.files(), means, names)
                .start());
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private void say(String document) {
    config.swap("keyturn.yaml", document.replace("KEYS", keys.directory().toString()));
  }

  private void mount(String key, byte[] content) {
    files.put(key, content);
    keys.swap(files);
  }

  private static byte[] pem(NewKey key) {
    return Mount.bytes(key.pem());
  }

  private byte[] vault() {
    var key = new byte[32];
    random.nextBytes(key);
    return key;
  }

  private String get(int port, String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Patience.LONG)
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private JsonObject ready() {
    return new JsonObject(get(server.managementPort(), "/readyz"));
  }

  private JsonObject configuration() {
    return ready().getJsonObject("configuration");
  }

  /** The signing keys and their states. */
  private Map<String, String> states() {
    return ready().getJsonArray("keys").stream()
        .map(JsonObject.class::cast)
        .filter(key -> key.getString("kind").equals("signing"))
        .collect(Collectors.toMap(key -> key.getString("id"), key -> key.getString("state")));
  }

  private List<String> published() {
    return new JsonObject(get(server.port(), "/.well-known/jwks.json"))
        .getJsonArray("keys").stream().map(key -> ((JsonObject) key).getString("kid")).toList();
  }

  private static <T> T until(T wanted, Callable<T> now) {
    await().until(now, wanted::equals);
    return wanted;
  }

  private static String kid(NewKey key) {
    return key.key().kid();
  }

  @Nested
  class A_new_signing_key {
    @BeforeEach
    void mountIt() {
      mount("2.pem", pem(two));
      until(2, () -> states().size());
    }

    @Test
    void is_published_before_it_signs() {
      until(Map.of(kid(one), "signing", kid(two), "published"), () -> states());
      assertThat(published()).contains(kid(one), kid(two));
    }

    @Test
    void signs_when_every_cache_has_it() {
      clock.forward(Duration.ofMinutes(6));
      until(Map.of(kid(one), "retiring", kid(two), "signing"), () -> states());
    }

    @Test
    void leaves_the_old_one_published_until_its_last_token_has_expired() {
      files.remove("1.pem");
      keys.swap(files);
      clock.forward(Duration.ofMinutes(6));
      until("retiring", () -> states().get(kid(one)));
      assertThat(published()).contains(kid(one));
      clock.forward(Duration.ofMinutes(62));
      until(Map.of(kid(two), "signing"), () -> states());
      until(List.of(kid(two)), () -> published());
    }

    @Test
    void can_revoke_the_old_one_at_once() {
      say(BASE.replace("jwks_max_age: 5m", "revoked_keys: [" + kid(one) + "]"));
      until(List.of(kid(two)), () -> published());
    }

    @Test
    void is_announced_on_the_bus() {
      var states = new CopyOnWriteArrayList<KeysChanged>();
      done(names.keysChanged().listen(vertx, states::add).completion());
      clock.forward(Duration.ofMinutes(6));
      await().until(() -> !states.isEmpty());
      assertThat(states.get(0).states())
          .anyMatch(state -> state.id().equals(kid(two)) && state.state().wire().equals("signing"));
    }
  }

  @Nested
  class What_is_no_good {
    private List<ConfigRejected> refused = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
      done(names.configRejected().listen(vertx, refused::add).completion());
    }

    private String reason() {
      await().until(() -> !configuration().getJsonArray("refused").isEmpty());
      return configuration().getJsonArray("refused").getString(0);
    }

    @Test
    void is_refused_with_its_file() {
      mount("2.pem", Mount.bytes(two.pem().substring(0, two.pem().length() / 2)));
      assertThat(reason()).contains("key_dir").contains("2.pem");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.keyturn.server.BadInput#all")
    void changes_nothing_for_clients(BadInput input) {
      var before = answers();
      keys.swap(input.in(files));
      reason();
      assertThat(answers()).isEqualTo(before);
    }

    /** What verifiers and browsers are told. */
    private List<String> answers() {
      return List.of(
          get(server.port(), "/.well-known/jwks.json"),
          get(server.port(), "/.well-known/oauth-authorization-server"),
          ready().getJsonArray("keys").encode(),
          configuration().getInteger("generation").toString());
    }

    @Test
    void is_announced_once() {
      mount("hmac", Mount.bytes("too short"));
      reason();
      mount("hmac", Mount.bytes("h".repeat(32)));
      until(true, () -> configuration().getJsonArray("refused").isEmpty());
      assertThat(refused).hasSize(1);
      assertThat(refused.get(0).reasons().get(0)).contains("hmac_secret_files[0]");
    }

    @Test
    void does_not_make_the_server_unready() {
      say("issuer: [");
      reason();
      assertThat(ready().getBoolean("ready")).isTrue();
    }

    @Test
    void is_forgotten_when_the_next_is_good() {
      mount("2.pem", Mount.bytes("half"));
      reason();
      mount("2.pem", pem(two));
      until(true, () -> configuration().getJsonArray("refused").isEmpty());
      until(2, () -> published().size());
    }

    @Test
    void may_be_a_list_that_leaves_no_signer() {
      say(BASE.replace("jwks_max_age: 5m", "revoked_keys: [" + kid(one) + "]"));
      assertThat(reason()).contains("revoked_keys");
      assertThat(published()).containsExactly(kid(one));
    }
  }

  @Nested
  class The_configuration {
    private static final String CLIENT =
        "clients: [{client_id: desk, redirect_uris: [\"https://desk.example/cb\"]}]\n";

    private boolean knowsTheClient() {
      var page =
          get(server.port(), "/oauth/authorize?client_id=desk&redirect_uri=https://x.example");
      return !page.contains("not known");
    }

    private List<String> pending() {
      return configuration().getJsonArray("pending_restart").stream().map(String::valueOf).toList();
    }

    @Test
    void takes_in_a_client() {
      assertThat(knowsTheClient()).isFalse();
      say(BASE + CLIENT);
      until(true, this::knowsTheClient);
    }

    @Test
    void takes_in_scopes() {
      say(BASE + "scopes_supported: [openid, \"mcp:tools\"]\n");
      until(
          true,
          () -> get(server.port(), "/.well-known/openid-configuration").contains("mcp:tools"));
    }

    @Test
    void warns_of_what_is_new_once() {
      var already = warned.size();
      say(BASE.replace("hmac_secret_files: [KEYS/hmac]", "hmac_secret_files: []"));
      await().until(() -> warned.size() > already);
      say(BASE.replace("hmac_secret_files: [KEYS/hmac]", "hmac_secret_files: []") + CLIENT);
      until(true, this::knowsTheClient);
      assertThat(warned.subList(already, warned.size()))
          .singleElement()
          .satisfies(warning -> assertThat(warning.setting()).isEqualTo("hmac_secret_files"));
    }

    @Test
    void keeps_its_ports_until_a_restart() {
      say(BASE.replace("server: {port: 0,", "server: {port: 1,"));
      until(List.of("server.port"), this::pending);
    }

    @Test
    void keeps_its_store_until_a_restart() {
      say(BASE.replace("storage: {type: memory}", "storage: {type: file}"));
      until(List.of("storage"), this::pending);
    }

    @Test
    void keeps_its_issuer_until_a_restart_and_takes_the_rest() {
      say(BASE.replace("http://127.0.0.1:8080", "http://127.0.0.1:8081") + CLIENT);
      until(List.of("issuer"), this::pending);
      assertThat(get(server.port(), "/.well-known/openid-configuration"))
          .contains("http://127.0.0.1:8080/oauth/token");
      until(true, this::knowsTheClient);
    }

    @Test
    void is_announced_on_the_bus() {
      var changes = new CopyOnWriteArrayList<ConfigChanged>();
      done(names.configChanged().listen(vertx, changes::add).completion());
      say(BASE + CLIENT);
      await().until(() -> !changes.isEmpty());
      assertThat(changes.get(0).pendingRestart()).isEmpty();
    }
  }
}
