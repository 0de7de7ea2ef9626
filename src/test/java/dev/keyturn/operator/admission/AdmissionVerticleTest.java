package dev.keyturn.operator.admission;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static dev.keyturn.operator.admission.GivenRulebook.remark;
import static dev.keyturn.operator.admission.GivenRulebook.secret;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Mount;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.render.Remark.Weight;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdmissionVerticleTest {
  private static final Duration INTERVAL = Duration.ofMillis(20);
  private static final GivenReview CONFIG = GivenReview.ofConfig();

  @TempDir private Path folder;

  private Mount mount;

  private final Vertx vertx = Vertx.vertx();
  private final GivenCertificate certificate = GivenCertificate.good();
  private final FakeKubernetes kubernetes = FakeKubernetes.start(vertx, certificate);
  private final GivenRulebook rules = new GivenRulebook();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @BeforeEach
  void prepare() {
    mount = new Mount(folder.resolve("tls"));
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private void mount(GivenCertificate one) {
    mount(one.certificatePem(), one.keyPem());
  }

  private void mount(String certificate, String key) {
    mount.swap("tls.crt", certificate, "tls.key", key);
  }

  private AdmissionVerticle verticle() {
    FakeKubernetes.account(folder, FakeKubernetes.TOKEN, certificate);
    return new AdmissionVerticle(
        new Webhook("127.0.0.1", 0, folder.resolve("tls"), Set.of()),
        new Pod("127.0.0.1", kubernetes.port(), folder),
        rules,
        metrics,
        INTERVAL,
        Clock.systemUTC());
  }

  private AdmissionVerticle deployed() {
    if (!Files.exists(folder.resolve("tls"))) {
      mount(certificate);
    }
    var verticle = verticle();
    done(vertx.deployVerticle(verticle));
    return verticle;
  }

  private Asking asking() {
    return new Asking(deployed().port(), certificate);
  }

  private double count(String outcome) {
    return metrics.timer("keyturn.admission.review", "outcome", outcome).count();
  }

  @Nested
  class A_review {
    @Test
    void is_answered_with_its_own_uid() {
      assertThat(asking().verdict(CONFIG))
          .isEqualTo(new JsonObject().put("uid", CONFIG.uid()).put("allowed", true));
    }

    @Test
    void is_answered_in_the_form_that_was_asked_for() {
      var answer = asking().review(CONFIG.bytes());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(new JsonObject(answer.body()))
          .contains(entry("apiVersion", "admission.k8s.io/v1"), entry("kind", "AdmissionReview"));
    }

    @Test
    void that_is_refused_says_why() {
      rules.verdict = around -> List.of(remark(Weight.REFUSED, "is bad", "make it good"));
      assertThat(asking().verdict(CONFIG))
          .isEqualTo(
              new JsonObject()
                  .put("uid", CONFIG.uid())
                  .put("allowed", false)
                  .put(
                      "status",
                      new JsonObject()
                          .put("status", "Failure")
                          .put("code", 422)
                          .put("reason", "Invalid")
                          .put("message", GivenRulebook.FIELD + " is bad: make it good")));
      assertThat(count("invalid")).isOne();
    }

    @Test
    void that_is_allowed_may_warn() {
      rules.verdict = around -> List.of(remark(Weight.PENDING, "is missing", ""));
      assertThat(asking().verdict(CONFIG).getJsonArray("warnings"))
          .containsExactly(GivenRulebook.FIELD + " is missing");
      assertThat(count("allowed")).isOne();
    }

    @Test
    void whose_request_is_broken_is_refused_with_its_uid() {
      var verdict = asking().verdict(CONFIG.with("operation", "EAT"));
      assertThat(verdict.getString("uid")).isEqualTo(CONFIG.uid());
      assertThat(verdict.getJsonObject("status"))
          .isEqualTo(
              new JsonObject()
                  .put("status", "Failure")
                  .put("code", 400)
                  .put("reason", "BadRequest")
                  .put("message", "the review cannot be understood: the operation is unknown"));
    }

    @Test
    void on_which_the_rules_stumble_is_refused_without_their_words() {
      rules.verdict =
          around -> {
            throw new IllegalArgumentException("s3cret");
          };
      var status = asking().verdict(CONFIG).getJsonObject("status");
      assertThat(status.getInteger("code")).isEqualTo(503);
      assertThat(status.getString("message"))
          .isEqualTo("Keyturn could not judge it: see its log: nothing was stored; try again");
    }

    @Test
    void is_answered_in_the_time_that_its_sender_has() {
      rules.references.add(secret("out"));
      kubernetes.silent.add("subjectaccessreviews");
      var answer =
          asking().send("POST", "/validate?timeout=1s", "application/json", CONFIG.bytes());
      assertThat(answer.body()).contains("\"code\":503").contains("in time");
      assertThat(count("unavailable")).isOne();
    }

    @Test
    void is_answered_before_the_API_server_gives_up() {
      rules.references.add(secret("out"));
      kubernetes.silent.add("subjectaccessreviews");
      var asking = asking();
      var before = System.nanoTime();
      var verdict = asking.verdict(CONFIG);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(3));
      assertThat(verdict.getJsonObject("status").getString("message")).contains("in time");
    }

    @Test
    void tells_nothing_of_a_secret() {
      rules.references.add(secret("out"));
      kubernetes.secret("ns", "out", "token", "s3cret");
      kubernetes.statuses.put("/mcpservers", 500);
      assertThat(asking().review(CONFIG.bytes()).body()).doesNotContain("s3cret", "czNjcmV0");
    }
  }

  @Nested
  class What_is_no_review {
    @ParameterizedTest
    @CsvSource({
      "GET, /validate, application/json, 405",
      "PUT, /validate, application/json, 405",
      "POST, /, application/json, 404",
      "POST, /validate/, application/json, 404",
      "POST, /metrics, application/json, 404",
      "POST, /validate, text/plain, 415",
      "POST, /validate, application/json, 400"
    })
    void is_answered_by_a_status(String method, String path, String type, int status) {
      assertThat(asking().send(method, path, type, new byte[0]).statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"kind\": \"AdmissionReview\"}", "s3cret"})
    void is_not_quoted(String body) {
      var answer = asking().review(body.getBytes(StandardCharsets.UTF_8));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).startsWith("the body ").doesNotContain("s3cret");
    }

    @Test
    void is_too_long() {
      assertThat(asking().review(new byte[ReviewEndpoint.MAX_BODY + 1]).statusCode())
          .isEqualTo(413);
    }

    @Test
    void is_not_waited_for() throws IOException {
      var asking = asking();
      try (var socket =
          (SSLSocket)
              asking.context().getSocketFactory().createSocket("127.0.0.1", asking.port())) {
        socket
            .getOutputStream()
            .write(
                """
                POST /validate?timeout=500ms HTTP/1.1\r
                Host: a\r
                Content-Type: application/json\r
                Content-Length: 100\r
                \r
                {\
                """
                    .getBytes(StandardCharsets.US_ASCII));
        var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(answer).startsWith("HTTP/1.1 408 ");
      }
    }
  }

  @Nested
  class A_certificate {
    private final GivenCertificate next = GivenCertificate.good();

    private JsonObject told(AdmissionVerticle verticle) {
      return verticle.health().toJson().getJsonObject("certificate");
    }

    private void refuses(AdmissionVerticle verticle, String words) {
      await().until(() -> !told(verticle).getJsonArray("refused").isEmpty());
      assertThat(told(verticle).getJsonArray("refused").getString(0))
          .startsWith("--tls-dir names")
          .contains(words);
      assertThat(new Asking(verticle.port(), certificate).shown())
          .isEqualTo(certificate.certificate());
    }

    @Test
    void that_is_exchanged_is_shown_to_the_next_connection() {
      var verticle = deployed();
      mount(next);
      var asking = new Asking(verticle.port(), certificate, next);
      await().until(() -> asking.shown().equals(next.certificate()));
      assertThat(told(verticle).getString("not_after"))
          .isEqualTo(next.certificate().getNotAfter().toInstant().toString());
    }

    @Test
    void without_its_key_is_refused_and_the_last_good_one_goes_on() {
      var verticle = deployed();
      mount(next.certificatePem(), certificate.keyPem());
      refuses(verticle, "which is not the key of the certificate");
    }

    @Test
    void that_has_expired_is_refused_and_the_last_good_one_goes_on() {
      var verticle = deployed();
      mount(GivenCertificate.from(Instant.now().minus(Duration.ofDays(2)), Duration.ofDays(1)));
      refuses(verticle, "expired at");
    }

    @Test
    void that_is_gone_goes_on_as_long_as_we_run() {
      var verticle = deployed();
      mount.unmount();
      refuses(verticle, "which does not exist");
    }

    @Test
    void that_is_good_again_ends_the_refusal() {
      var verticle = deployed();
      mount(next.certificatePem(), certificate.keyPem());
      refuses(verticle, "which is not the key of the certificate");
      mount(certificate);
      await().until(() -> told(verticle).getJsonArray("refused").isEmpty());
      assertThat(verticle.health().isReady()).isTrue();
    }

    @Test
    void that_cannot_serve_at_the_start_ends_the_start() {
      assertThat(failed(vertx.deployVerticle(verticle())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "--tls-dir names " + folder.resolve("tls/tls.crt") + ", which does not exist");
    }
  }

  @Nested
  class Health_of_it {
    @Test
    void is_not_there_before_the_start() {
      var health = verticle().health();
      assertThat(health.hasStarted() || health.isReady()).isFalse();
    }

    @Test
    void is_good_while_reviews_are_answered() {
      var health = deployed().health();
      assertThat(health.hasStarted() && health.isReady()).isTrue();
    }

    @Test
    void is_over_with_the_stop() {
      var verticle = deployed();
      done(vertx.undeploy(verticle.deploymentID()));
      assertThat(verticle.health().isReady()).isFalse();
    }
  }
}
