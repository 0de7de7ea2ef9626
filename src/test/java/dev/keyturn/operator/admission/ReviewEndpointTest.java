package dev.keyturn.operator.admission;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Patience;
import dev.keyturn.operator.admission.ReviewEndpoint.Bounds;
import dev.keyturn.operator.cluster.ApiServer;
import dev.keyturn.operator.cluster.Pod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Its bounds; what it answers is seen at {@link AdmissionVerticleTest}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReviewEndpointTest {
  private static final Bounds TWO = new Bounds(2, 5000, Patience.LONG);

  @TempDir private Path account;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final GivenCertificate certificate = GivenCertificate.good();
  private final FakeKubernetes kubernetes = FakeKubernetes.start(vertx, certificate);
  private final GivenRulebook rules = new GivenRulebook();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private HttpServer server;

  @BeforeEach
  void listen() {
    FakeKubernetes.account(account, FakeKubernetes.TOKEN, certificate);
    var api = new ApiServer(vertx, new Pod("127.0.0.1", kubernetes.port(), account));
    var endpoint =
        new ReviewEndpoint(
            vertx, new Admission(vertx, api, rules, Set.of()), new ReviewLog(metrics), TWO);
    server = done(vertx.createHttpServer().requestHandler(endpoint::handle).listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private Future<HttpClientRequest> request() {
    return client
        .request(HttpMethod.POST, server.actualPort(), "127.0.0.1", "/validate")
        .onSuccess(request -> request.putHeader("Content-Type", "application/json"));
  }

  private Future<Integer> review() {
    return request()
        .compose(request -> request.send(Buffer.buffer(GivenReview.ofConfig().bytes())))
        .map(HttpClientResponse::statusCode);
  }

  private List<Future<Integer>> held() {
    rules.references.add(GivenRulebook.secret("out"));
    kubernetes.silent.add("subjectaccessreviews");
    var held = Stream.generate(this::review).limit(TWO.atOnce()).toList();
    await().until(() -> kubernetes.calls.size() == TWO.atOnce());
    return held;
  }

  @Test
  void more_reviews_than_are_answered_at_once_are_put_off() {
    held();
    var response =
        done(request().compose(request -> request.send(GivenReview.ofConfig().json().toBuffer())));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.getHeader("Retry-After")).isEqualTo("1");
    assertThat(metrics.counter("keyturn.admission.unanswered", "why", "busy").count()).isOne();
  }

  @Test
  void bodies_for_which_there_is_no_room_together_are_put_off() {
    var body = Buffer.buffer(" ".repeat(4000)).appendBytes(GivenReview.ofConfig().bytes());
    var half = done(request());
    half.setChunked(true);
    done(half.write(Buffer.buffer(" ".repeat(2000))));
    await().until(() -> done(request().compose(r -> r.send(body))).statusCode() == 503);
    half.reset();
    await().until(() -> done(review()) == 200);
  }

  @Test
  void a_query_that_is_none_costs_nothing() {
    for (int i = 0; i < TWO.atOnce(); i++) {
      done(
          client
              .request(HttpMethod.POST, server.actualPort(), "127.0.0.1", "/validate?timeout=%zz")
              .compose(
                  request ->
                      request
                          .putHeader("Content-Type", "application/json")
                          .send(Buffer.buffer(GivenReview.ofConfig().bytes()))));
    }
    assertThat(done(review())).isEqualTo(200);
  }

  @Test
  void those_that_are_under_way_are_answered() {
    var held = held();
    kubernetes.stop();
    assertThat(held).allMatch(one -> done(one) == 200);
  }

  @Test
  void those_that_are_over_make_room() {
    var held = held();
    kubernetes.stop();
    held.forEach(one -> done(one));
    assertThat(done(review())).isEqualTo(200);
  }

  @Test
  void those_that_broke_off_make_room() {
    for (int i = 0; i < TWO.atOnce(); i++) {
      var broken = done(request());
      broken.putHeader("Content-Length", "100");
      done(broken.write("{"));
      done(broken.connection().close());
    }
    await().until(() -> done(review()) == 200);
  }
}
