package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyturn.operator.objects.Made;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What is applied, and what is known to be ours when a watch tells of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KubeHandsTest {
  private static final String LABEL = "{\"app.kubernetes.io/managed-by\": \"keyturn-operator\"}";
  private static final String MANAGED = "[{\"manager\": \"keyturn-operator\"}]";
  private static final Key KEY = new Key(Kind.SERVICE, "default", "one");

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private final List<Key> overtaken = new ArrayList<>();
  private final List<Boolean> ours = new ArrayList<>();
  private volatile Optional<String> seen = Optional.empty();
  private volatile Runnable meanwhile = () -> {};
  private volatile int status = 200;
  private volatile JsonArray there = new JsonArray();
  private final List<String> listed = new CopyOnWriteArrayList<>();
  private final HttpClient client = client(new JdkHttpClientFactory().newBuilder());
  private final HttpServer server =
      done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
  private final KubeHands hands =
      new KubeHands(
          new Connection(
              client,
              URI.create("http://127.0.0.1:" + server.actualPort()),
              () -> Duration.ofMinutes(5)),
          key -> seen,
          overtaken::add,
          "one",
          Clock.systemUTC());

  private static HttpClient client(HttpClient.Builder builder) {
    return builder.build();
  }

  /** Each answer is another state of the object; a list has what is there of that name. */
  private void answer(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)) {
      listed.add(request.uri());
      request.response().end(new JsonObject().put("items", there).encode());
      return;
    }
    var version = String.valueOf(asked.incrementAndGet());
    meanwhile.run();
    var object = new JsonObject().put("metadata", new JsonObject().put("resourceVersion", version));
    request.response().setStatusCode(status).end(object.encode());
  }

  @AfterEach
  void stop() {
    client.close();
    done(vertx.close());
  }

  private void apply() {
    var tree = JsonNodeFactory.instance.objectNode().put("kind", "Service");
    hands.apply(new Made("Service", KEY.namespace(), KEY.name(), tree));
  }

  @Test
  void what_is_there_as_it_was_applied_is_not_applied_again() {
    apply();
    seen = Optional.of("1");
    apply();
    assertThat(asked).hasValue(1);
  }

  @Test
  void what_somebody_has_changed_is() {
    apply();
    seen = Optional.of("7");
    apply();
    assertThat(asked).hasValue(2);
  }

  @Test
  void the_state_that_was_applied_is_ours_and_no_other() {
    apply();
    assertThat(hands.isOurs(KEY, "1")).isTrue();
    assertThat(hands.isOurs(KEY, "2")).isFalse();
    assertThat(overtaken).isEmpty();
  }

  @Test
  void a_watch_that_is_faster_than_the_answer_tells_nothing_new() {
    meanwhile =
        () -> {
          seen = Optional.of("1");
          ours.add(hands.isOurs(KEY, "1"));
        };
    apply();
    assertThat(ours).containsExactly(true);
    assertThat(overtaken).isEmpty();
  }

  @Test
  void a_change_by_somebody_else_meanwhile_is_looked_at() {
    meanwhile = () -> seen = Optional.of("somebody's");
    apply();
    assertThat(overtaken).containsExactly(KEY);
  }

  @Test
  void what_was_seen_before_is_no_change() {
    seen = Optional.of("before");
    apply();
    assertThat(overtaken).isEmpty();
  }

  @Test
  void what_could_not_be_applied_is_not_ours() {
    status = 500;
    assertThatThrownBy(this::apply).isInstanceOf(ApiException.class);
    assertThat(hands.isOurs(KEY, "1")).isFalse();
  }

  private void there(JsonObject metadata) {
    there = new JsonArray().add(new JsonObject().put("metadata", metadata));
  }

  @Test
  void what_is_there_and_is_somebody_else_s_is_left_to_them() {
    there(new JsonObject().put("labels", new JsonObject().put("team", "shop")));
    assertThatThrownBy(this::apply)
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.isRefusal()).isTrue())
        .hasMessageStartingWith("Service one is there already and is somebody else's");
    assertThat(asked).hasValue(0);
    assertThat(listed)
        .containsExactly("/api/v1/namespaces/default/services?fieldSelector=metadata.name%3Done");
  }

  @Test
  void what_is_there_with_our_label_is_applied() {
    there(new JsonObject().put("labels", new JsonObject(LABEL)));
    apply();
    assertThat(asked).hasValue(1);
  }

  @Test
  void what_is_ours_stays_ours_without_its_label() {
    there(new JsonObject().put("managedFields", new JsonArray(MANAGED)));
    apply();
    assertThat(asked).hasValue(1);
  }

  @Test
  void what_is_watched_is_ours_and_not_asked_for() {
    seen = Optional.of("before");
    apply();
    assertThat(listed).isEmpty();
  }

  @Test
  void an_event_that_is_refused_ends_nothing_else() {
    status = 403;
    assertThatCode(() -> hands.tell(KEY, "uid", new Hands.Notice(true, "Ready", "it is")))
        .doesNotThrowAnyException();
    assertThat(asked).hasValue(1);
  }
}
