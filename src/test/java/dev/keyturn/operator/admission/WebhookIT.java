package dev.keyturn.operator.admission;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static dev.keyturn.operator.admission.GivenWebhooks.rule;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.ApiServer;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenApiServer;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.KubeApi;
import dev.keyturn.given.KubeApi.Said;
import dev.keyturn.given.Manifests;
import dev.keyturn.operator.api.BadManifests;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The webhook at a real API server, with the manifests and the rights that people apply. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(GivenApiServer.class)
class WebhookIT {
  private static final String DENIED =
      "admission webhook \"resources.keyturn.dev\" denied the request: ";
  private static final String KEYS = "spec.embeddedAuthServer.signingKeySecretRefs[0]";

  @TempDir private Path folder;

  private final GivenCertificate certificate = GivenCertificate.good();
  private GivenWebhooks webhooks;
  private KubeApi admin;

  @BeforeAll
  static void install(ApiServer server) {
    GivenWebhooks.install(server);
    await().until(() -> server.admin().get("/apis/keyturn.dev/v1beta1/mcpservers").status() == 200);
  }

  @BeforeEach
  void open(ApiServer server) {
    webhooks = new GivenWebhooks(server, folder);
    admin = server.admin();
    webhooks.secret("rest", "hmac-1", "h".repeat(48), "vault-1", "v".repeat(32));
  }

  @AfterEach
  void close() {
    webhooks.close();
  }

  /** A config whose signing key is in the Secret {@code keys}, and the others in {@code rest}. */
  private static JsonNode config() {
    return Manifests.parse(
            """
            apiVersion: keyturn.dev/v1beta1
            kind: MCPExternalAuthConfig
            metadata: {name: login}
            spec:
              type: embeddedAuthServer
              embeddedAuthServer:
                issuer: https://mcp.example.com
                signingKeySecretRefs: [{name: keys, key: current.pem}]
                hmacSecretRefs: [{name: rest, key: hmac-1}]
                vaultKeySecretRefs: [{name: rest, key: vault-1}]
                storage: {type: memory}
                upstreamProviders:
                  - name: okta
                    type: oidc
                    oidcConfig: {issuerUrl: https://example.okta.com, clientId: x}
            """)
        .get(0);
  }

  private static String key() {
    try {
      return Files.readString(Path.of("src/test/resources/dev/keyturn/keys/p256-pkcs8.pem"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String message(Said said) {
    return said.body().path("message").asText();
  }

  /** A registration takes effect when each API server has heard of it. */
  private void untilAsked() {
    await().until(() -> webhooks.dryRun(admin, unknownServer()).warnings().size() > 0);
  }

  /** One whose config is not there, so that it is worth a warning. */
  private static JsonNode unknownServer() {
    return Manifests.parse(
            """
            apiVersion: keyturn.dev/v1beta1
            kind: MCPServer
            metadata: {name: issues}
            spec:
              url: https://issues.example.com/mcp
              transport: streamable-http
              resourceUrl: https://mcp.example.com/issues
              authServerRef: {kind: MCPExternalAuthConfig, name: nowhere}
            """)
        .get(0);
  }

  private void ours() {
    webhooks.register(webhooks.ours(certificate), certificate);
    untilAsked();
  }

  @Nested
  class Ours {
    @BeforeEach
    void register() {
      ours();
    }

    @Test
    void allows_what_is_fine_without_a_word() {
      webhooks.secret("keys", "current.pem", key());
      var said = webhooks.create(admin, config());
      assertThat(said.status()).as(message(said)).isEqualTo(201);
      assertThat(said.warnings()).isEmpty();
    }

    @Test
    void denies_what_a_Secret_holds_and_nobody_can_use() {
      webhooks.secret("keys", "current.pem", "not a key");
      var said = webhooks.create(admin, config());
      assertThat(said.status()).isEqualTo(422);
      assertThat(message(said))
          .startsWith(DENIED + KEYS + " names key current.pem of Secret keys, which is no good: ")
          .doesNotContain("not a key");
    }

    @Test
    void warns_of_a_Secret_that_is_not_there() {
      var said = webhooks.create(admin, config());
      assertThat(said.status()).isEqualTo(201);
      assertThat(said.warnings())
          .containsExactly(
              KEYS + " names Secret keys, which is not there: nothing runs until it is");
    }

    @Test
    void warns_of_a_key_that_is_not_there() {
      webhooks.secret("keys", "other.pem", key());
      assertThat(webhooks.create(admin, config()).warnings())
          .containsExactly(
              KEYS
                  + " names key current.pem of Secret keys, which is not there:"
                  + " nothing runs until it is");
    }

    @Test
    void warns_of_a_config_that_is_not_there() {
      var said = webhooks.create(admin, unknownServer());
      assertThat(said.status()).isEqualTo(201);
      assertThat(said.warnings()).singleElement().asString().contains("nowhere");
    }

    @Test
    void denies_a_change_too() {
      webhooks.secret("keys", "current.pem", key(), "bad.pem", "not a key");
      var there = (ObjectNode) webhooks.create(admin, config()).body();
      ((ObjectNode) there.at("/spec/embeddedAuthServer/signingKeySecretRefs/0"))
          .put("key", "bad.pem");
      var said = admin.put(webhooks.path(there) + "/login", there);
      assertThat(said.status()).isEqualTo(422);
    }

    @Test
    void denies_in_a_dry_run_and_stores_nothing(ApiServer server) throws IOException {
      webhooks.secret("keys", "current.pem", "not a key");
      var file = Files.writeString(folder.resolve("config.json"), config().toString());
      var ran =
          server.kubectl(
              "apply", "--dry-run=server", "-n", webhooks.namespace(), "-f", file.toString());
      assertThat(ran.code()).isNotZero();
      assertThat(ran.output()).contains("denied the request", KEYS);
      assertThat(admin.get(webhooks.path(config()) + "/login").status()).isEqualTo(404);
    }

    @Test
    void is_seen_by_people_as_a_warning_of_kubectl(ApiServer server) throws IOException {
      var file = Files.writeString(folder.resolve("config.json"), config().toString());
      var ran = server.kubectl("apply", "-n", webhooks.namespace(), "-f", file.toString());
      assertThat(ran.code()).isZero();
      assertThat(ran.output()).contains("Warning: " + KEYS + " names Secret keys");
    }
  }

  /** Alice may get all Secrets but one. */
  @Nested
  class The_table_of_bad_manifests {
    @BeforeEach
    void surround(ApiServer server) {
      GivenSurroundings.secrets().forEach(webhooks::secret);
      GivenSurroundings.configs().forEach(config -> webhooks.create(admin, config));
      var seen = rule("", "secrets", "get");
      GivenSurroundings.secrets().keySet().stream()
          .filter(name -> !name.equals(GivenSurroundings.HIDDEN))
          .forEach(seen.withArray("resourceNames")::add);
      webhooks.allow("alice", seen);
      ours();
    }

    @Test
    void is_refused_line_by_line_with_the_exact_message(ApiServer server) {
      assertThat(BadManifests.rows("webhook"))
          .allSatisfy(
              row -> {
                var said = webhooks.dryRun(server.user("alice"), row.manifest());
                assertThat(message(said)).startsWith(DENIED);
                assertThat(message(said).substring(DENIED.length()).lines())
                    .containsExactlyInAnyOrder(row.messages());
              });
    }
  }

  @Nested
  class A_requester_without_the_right_to_a_Secret {
    private static final String FORBIDDEN =
        DENIED + KEYS + " you may not reference Secret keys: it takes the right to get it";

    @BeforeEach
    void register(ApiServer server) {
      ours();
      var rest = rule("", "secrets", "get");
      rest.putArray("resourceNames").add("rest");
      webhooks.allow("alice", rest);
      webhooks.allow("bob", rule("", "secrets", "get"));
    }

    @Test
    void may_not_reference_it(ApiServer server) {
      webhooks.secret("keys", "current.pem", key());
      var said = webhooks.create(server.user("alice"), config());
      assertThat(said.status()).isEqualTo(403);
      assertThat(message(said)).isEqualTo(FORBIDDEN);
    }

    @Test
    void learns_nothing_of_what_it_holds(ApiServer server) {
      webhooks.secret("keys", "current.pem", "not a key");
      assertThat(message(webhooks.create(server.user("alice"), config()))).isEqualTo(FORBIDDEN);
    }

    @Test
    void does_not_learn_whether_it_is_there(ApiServer server) {
      assertThat(message(webhooks.create(server.user("alice"), config()))).isEqualTo(FORBIDDEN);
    }

    @Test
    void is_another_one_than_who_has_it(ApiServer server) {
      webhooks.secret("keys", "current.pem", key());
      assertThat(webhooks.create(server.user("bob"), config()).status()).isEqualTo(201);
    }

    @Test
    void may_be_somebody_that_an_admin_plays(ApiServer server) throws IOException {
      var file = Files.writeString(folder.resolve("config.json"), config().toString());
      var ran =
          server.kubectl(
              "create", "--as", "alice", "-n", webhooks.namespace(), "-f", file.toString());
      assertThat(ran.output()).contains("you may not reference Secret keys");
    }

    @Test
    void may_change_labels_and_delete(ApiServer server) {
      webhooks.secret("keys", "current.pem", key());
      var there = (ObjectNode) webhooks.create(admin, config()).body();
      there.withObject("/metadata").putObject("labels").put("team", "a");
      var alice = server.user("alice");
      assertThat(alice.put(webhooks.path(there) + "/login", there).status()).isEqualTo(200);
      assertThat(alice.delete(webhooks.path(there) + "/login").status()).isEqualTo(200);
    }
  }

  /** Nobody listens at that port. */
  @Nested
  class A_webhook_that_is_down {
    private final int port = FreePorts.next();

    @Test
    void stores_nothing() {
      webhooks.register(port, certificate);
      await().until(() -> webhooks.dryRun(admin, unknownServer()).status() == 500);
      var said = webhooks.create(admin, unknownServer());
      assertThat(message(said)).contains("failed calling webhook", "connection refused");
      assertThat(admin.get(webhooks.path(unknownServer()) + "/issues").status()).isEqualTo(404);
    }

    @Test
    void is_not_missed_where_it_is_ignored() {
      webhooks.register(port, certificate);
      await().until(() -> webhooks.dryRun(admin, unknownServer()).status() == 500);
      webhooks.register(port, with("failurePolicy", "Ignore"), certificate);
      await().until(() -> webhooks.dryRun(admin, unknownServer()).status() == 201);
    }

    @Test
    void is_in_nobody_s_way_where_nothing_is_checked() {
      var there = (ObjectNode) webhooks.create(admin, held()).body();
      webhooks.register(port, certificate);
      await().until(() -> webhooks.dryRun(admin, unknownServer()).status() == 500);
      var path = webhooks.path(there) + "/issues";
      assertThat(admin.delete(path).status()).isEqualTo(200);
      var leaving = (ObjectNode) admin.get(path).body();
      assertThat(leaving.at("/metadata/deletionTimestamp").asText()).isNotEmpty();
      leaving.withObject("/metadata").putArray("finalizers");
      assertThat(admin.put(path, leaving).status()).isEqualTo(200);
      assertThat(admin.get(path).status()).isEqualTo(404);
    }

    @Test
    void is_in_nobody_s_way_where_only_labels_or_the_status_change() {
      var there = (ObjectNode) webhooks.create(admin, unknownServer()).body();
      webhooks.register(port, certificate);
      await().until(() -> webhooks.dryRun(admin, unknownServer().deepCopy()).status() == 500);
      var path = webhooks.path(there) + "/issues";
      there.withObject("/metadata").putObject("labels").put("team", "a");
      var labelled = admin.put(path, there);
      assertThat(labelled.status()).as(message(labelled)).isEqualTo(200);
      var observed = (ObjectNode) labelled.body();
      observed.putObject("status").put("issuer", "https://mcp.example.com");
      var reported = admin.put(path + "/status", observed);
      assertThat(reported.body().at("/status/issuer").asText()).isNotEmpty();
      var changed = (ObjectNode) reported.body();
      changed.withObject("/spec").put("resourceUrl", "https://mcp.example.com/other");
      assertThat(admin.put(path, changed).status()).isEqualTo(500);
    }

    private JsonNode held() {
      var server = (ObjectNode) unknownServer();
      server.withObject("/metadata").putArray("finalizers").add("keyturn.dev/test");
      return server;
    }
  }

  /** It takes a review and says nothing. */
  @Nested
  class A_webhook_that_hangs {
    private int silent() {
      var options =
          new HttpServerOptions()
              .setSsl(true)
              .setKeyCertOptions(
                  new PemKeyCertOptions()
                      .addCertValue(Buffer.buffer(certificate.certificatePem()))
                      .addKeyValue(Buffer.buffer(certificate.keyPem())));
      return done(webhooks
              .vertx()
              .createHttpServer(options)
              .requestHandler(request -> request.body())
              .listen(0, "127.0.0.1"))
          .actualPort();
    }

    @Test
    void stores_nothing_and_is_not_waited_for_without_end() {
      webhooks.register(silent(), with("timeoutSeconds", 2), certificate);
      await().until(() -> webhooks.dryRun(admin, unknownServer()).status() == 500);
      var begin = System.nanoTime();
      var said = webhooks.create(admin, unknownServer());
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isGreaterThan(Duration.ofMillis(1500));
      assertThat(said.status()).isEqualTo(500);
      assertThat(message(said)).contains("failed calling webhook", "deadline exceeded");
      assertThat(admin.get(webhooks.path(unknownServer()) + "/issues").status()).isEqualTo(404);
    }

    @Test
    void is_not_missed_where_it_is_ignored() {
      var port = silent();
      webhooks.register(port, with("timeoutSeconds", 1), certificate);
      await().until(() -> webhooks.dryRun(admin, unknownServer()).status() == 500);
      webhooks.register(
          port, with("timeoutSeconds", 1).put("failurePolicy", "Ignore"), certificate);
      await().until(() -> webhooks.dryRun(admin, unknownServer()).status() == 201);
    }
  }

  @Nested
  class A_certificate_that_changes {
    private final GivenCertificate next = GivenCertificate.good();

    @Test
    void is_trusted_by_nobody_who_was_not_told() {
      webhooks.register(webhooks.ours(certificate), next);
      await().until(() -> webhooks.dryRun(admin, unknownServer()).status() == 500);
      assertThat(message(webhooks.dryRun(admin, unknownServer()))).contains("certificate");
    }

    @Test
    void fails_no_change_while_the_bundle_holds_both() {
      var port = webhooks.ours(certificate);
      webhooks.register(port, certificate);
      untilAsked();
      try (var people = new People()) {
        webhooks.register(port, certificate, next);
        people.goOn();
        webhooks.serve(next);
        await().until(() -> new Asking(port, certificate, next).shown().equals(next.certificate()));
        people.goOn();
        webhooks.register(port, next);
        people.goOn();
        assertThat(people.end()).isEmpty();
      }
      assertThat(webhooks.dryRun(admin, unknownServer()).warnings()).isNotEmpty();
    }

    /** Two who apply something again and again, and are to be warned each time. */
    private final class People implements AutoCloseable {
      private final AtomicBoolean over = new AtomicBoolean();
      private final AtomicInteger answered = new AtomicInteger();
      private final Queue<Said> failures = new ConcurrentLinkedQueue<>();
      private final List<Thread> threads =
          List.of(new Thread(this::apply, "one"), new Thread(this::apply, "two"));

      private People() {
        threads.forEach(Thread::start);
        goOn();
      }

      private void apply() {
        while (!over.get()) {
          var said = webhooks.dryRun(admin, unknownServer());
          if (said.status() != 201 || said.warnings().isEmpty()) {
            failures.add(said);
          }
          answered.incrementAndGet();
        }
      }

      /** Until several more have been answered. */
      private void goOn() {
        var enough = answered.get() + 20;
        await().until(() -> answered.get() > enough);
      }

      private Queue<Said> end() {
        over.set(true);
        CompletableFuture.runAsync(() -> threads.forEach(People::join)).join();
        return failures;
      }

      private static void join(Thread thread) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }

      @Override
      public void close() {
        end();
      }
    }
  }

  private static ObjectNode with(String field, String value) {
    return JsonNodeFactory.instance.objectNode().put(field, value);
  }

  private static ObjectNode with(String field, int value) {
    return JsonNodeFactory.instance.objectNode().put(field, value);
  }
}
