package dev.keyturn.gateway;

import static dev.keyturn.gateway.GivenGateway.TOKEN;
import static dev.keyturn.gateway.GivenGateway.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Patience;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.WriteStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GatewayStreamingTest {
  private static final int MIB = 1024 * 1024;
  private static final long LARGE = 96L * MIB;

  /** More than the sockets of two hops hold, less than what is sent. */
  private static final long HELD_BY_SOCKETS = 48L * MIB;

  private final GivenGateway given = new GivenGateway();
  private final CompletableFuture<HttpServerResponse> events = new CompletableFuture<>();
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

  @AfterEach
  void close() {
    given.close();
  }

  @Test
  void opens_an_event_stream_before_its_first_event() {
    given.backend = this::openEvents;
    var response = done(ask());
    assertThat(response.getHeader("Content-Type")).isEqualTo("text/event-stream");
  }

  @Test
  void passes_events_on_one_by_one() {
    given.backend = this::openEvents;
    var received = new CopyOnWriteArrayList<String>();
    done(ask(response -> response.handler(chunk -> received.add(chunk.toString()))));
    events.join().write("data: 1\n\n");
    await().untilAsserted(() -> assertThat(received).containsExactly("data: 1\n\n"));
    events.join().write("data: 2\n\n");
    await().untilAsserted(() -> assertThat(received).hasSize(2));
  }

  @Test
  void cancels_the_backend_request_when_the_client_leaves() {
    given.backend = this::openEvents;
    done(ask()).request().connection().close();
    assertThat(cancelled).succeedsWithin(Patience.LONG);
  }

  @Test
  void cancels_the_backend_request_when_the_client_leaves_before_the_answer() {
    var asked = new CompletableFuture<Void>();
    given.backend =
        request -> {
          request.response().closeHandler(cancelled::complete);
          asked.complete(null);
        };
    var request = done(given.open().authorized(HttpMethod.GET, "/mcp"));
    request.end();
    asked.join();
    request.connection().close();
    assertThat(cancelled).succeedsWithin(Patience.LONG);
  }

  @Test
  void asks_no_backend_for_a_client_that_left_while_its_token_was_looked_up() {
    var lookup = new CompletableFuture<Promise<String>>();
    given.upstreams =
        (token, upstream) -> {
          var promise = Promise.<String>promise();
          lookup.complete(promise);
          return promise.future();
        };
    var request = done(given.open().authorized(HttpMethod.GET, "/mcp"));
    request.end();
    var pending = lookup.join();
    var left = request.connection().close();
    done(left);
    given.upstreams = (token, upstream) -> Future.succeededFuture("next");
    given.get("/mcp/next"); // Answered on the event loop that has seen the other client leave.
    pending.complete("late");
    given.get("/mcp/last");
    assertThat(given.seen)
        .extracting(GivenGateway.Seen::uri)
        .containsExactly("/inner/next", "/inner/last");
  }

  @Test
  void stays_on_its_event_loop_when_a_look_up_ends_elsewhere() {
    var lookup = new CompletableFuture<Promise<String>>();
    given.upstreams =
        (token, upstream) -> {
          var promise = Promise.<String>promise();
          lookup.complete(promise);
          return promise.future();
        };
    var answer = given.open().authorized(HttpMethod.GET, "/mcp").compose(HttpClientRequest::send);
    var pending = lookup.join();
    new Thread(() -> pending.complete("token")).start();
    done(answer);
    assertThat(given.answering).containsExactly(given.asking.element());
  }

  @Test
  void cuts_the_answer_short_when_the_backend_does() {
    given.backend = this::openEvents;
    var body = done(ask().map(HttpClientResponse::body));
    events.join().reset();
    assertThat(body.toCompletionStage().toCompletableFuture()).failsWithin(Patience.LONG);
  }

  @Test
  void slows_the_backend_down_to_the_pace_of_the_client() {
    var sent = new AtomicLong();
    given.backend = request -> fill(request.response().setChunked(true), sent);
    var response = done(ask(HttpClientResponse::pause));
    awaitStandstill(sent);
    assertThat(sent.get()).isLessThan(HELD_BY_SOCKETS);
    assertThat(count(response)).isEqualTo(LARGE);
  }

  @Test
  void slows_the_client_down_to_the_pace_of_the_backend() {
    var arrived = new CompletableFuture<HttpServerRequest>();
    given.backend = request -> arrived.complete(request.pause());
    given.open(2 * LARGE, given.backend("/mcp", new Unauthenticated()));
    var sent = new AtomicLong();
    var upload = done(given.authorized(HttpMethod.POST, "/mcp")).setChunked(true);
    given.vertx.runOnContext(go -> fill(upload, sent));
    var request = arrived.join();
    awaitStandstill(sent);
    assertThat(sent.get()).isLessThan(HELD_BY_SOCKETS);
    var received = new AtomicLong();
    request.handler(chunk -> received.addAndGet(chunk.length()));
    request.endHandler(end -> request.response().end());
    request.resume();
    assertThat(done(upload.response()).statusCode()).isEqualTo(200);
    assertThat(received).hasValue(LARGE);
  }

  @Test
  void passes_fifty_streams_at_a_time() {
    given.backend = request -> request.bodyHandler(body -> request.response().end(body));
    given.open();
    var answers =
        IntStream.range(0, 50)
            .mapToObj(i -> send(Buffer.buffer(("" + i % 10).repeat(100_000))))
            .toList();
    assertThat(answers.stream().map(GivenGateway::done))
        .extracting(Buffer::length)
        .hasSize(50)
        .containsOnly(100_000);
  }

  @Test
  void refuses_a_body_whose_length_is_too_large_before_it_comes() {
    given.open(1000, given.backend("/mcp", new Unauthenticated()));
    var answer =
        done(
            given
                .authorized(HttpMethod.POST, "/mcp")
                .onSuccess(request -> request.putHeader("Content-Length", "1001").sendHead())
                .compose(HttpClientRequest::response));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(given.seen).isEmpty();
  }

  @Test
  void refuses_a_body_that_turns_out_too_large_and_cancels_the_backend_request() {
    given.backend = request -> request.response().closeHandler(cancelled::complete);
    given.open(1000, given.backend("/mcp", new Unauthenticated()));
    var upload = done(given.authorized(HttpMethod.POST, "/mcp")).setChunked(true);
    upload.write("x".repeat(900));
    await().until(() -> given.seen.size() == 1);
    upload.end("x".repeat(101));
    assertThat(done(upload.response()).statusCode()).isEqualTo(413);
    assertThat(cancelled).succeedsWithin(Patience.LONG);
  }

  @Test
  void passes_a_body_of_just_the_largest_size() {
    given.backend = request -> request.bodyHandler(body -> request.response().end(body));
    given.open(1000, given.backend("/mcp", new Unauthenticated()));
    assertThat(done(send(Buffer.buffer("x".repeat(1000)))).length()).isEqualTo(1000);
  }

  @Test
  void hangs_up_on_a_refused_client_that_goes_on_sending() {
    given.open(1000, given.backend("/mcp", new Unauthenticated()));
    var upload = done(given.request(HttpMethod.POST, "/mcp", Map.of())).setChunked(true);
    var closed = new CompletableFuture<Void>();
    upload.connection().closeHandler(closed::complete);
    upload.write("x");
    assertThat(done(upload.response()).statusCode()).isEqualTo(401);
    upload.write("x".repeat(1001));
    assertThat(closed).succeedsWithin(Patience.LONG);
  }

  @Test
  void tells_a_client_that_waits_for_it_to_continue() {
    given.backend = request -> request.bodyHandler(body -> request.response().end(body));
    given.open();
    var upload = done(given.authorized(HttpMethod.POST, "/mcp"));
    upload.putHeader("Expect", "100-continue").putHeader("Content-Length", "2");
    upload.continueHandler(go -> upload.end("ok"));
    var answer = upload.response().compose(HttpClientResponse::body);
    upload.sendHead();
    assertThat(done(answer)).hasToString("ok");
  }

  @Test
  void passes_on_a_body_that_came_by_http_2_without_a_length() {
    given.backend = request -> request.bodyHandler(body -> request.response().end(body));
    given.open();
    var client =
        given.vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    var upload = done(client.request(HttpMethod.POST, given.port(), "127.0.0.1", "/mcp"));
    upload.putHeader("Authorization", "Bearer " + TOKEN);
    upload.setChunked(true).write("a");
    var answer = upload.response().compose(HttpClientResponse::body).eventually(client::close);
    upload.end("b");
    assertThat(done(answer)).hasToString("ab");
  }

  private Future<HttpClientResponse> ask() {
    return ask(response -> {});
  }

  private Future<HttpClientResponse> ask(Handler<HttpClientResponse> reader) {
    return given
        .open()
        .authorized(HttpMethod.GET, "/mcp")
        .compose(request -> request.send().onSuccess(reader));
  }

  private Future<Buffer> send(Buffer body) {
    return given
        .authorized(HttpMethod.POST, "/mcp")
        .compose(request -> request.send(body).compose(HttpClientResponse::body));
  }

  private void openEvents(HttpServerRequest request) {
    var response = request.response().putHeader("Content-Type", "text/event-stream");
    response.closeHandler(cancelled::complete);
    response.setChunked(true).writeHead();
    events.complete(response);
  }

  private static void fill(WriteStream<Buffer> stream, AtomicLong sent) {
    var chunk = Buffer.buffer(new byte[64 * 1024]);
    while (sent.get() < LARGE && !stream.writeQueueFull()) {
      stream.write(chunk);
      sent.addAndGet(chunk.length());
    }
    if (sent.get() < LARGE) {
      stream.drainHandler(drained -> fill(stream, sent));
    } else {
      stream.end();
    }
  }

  private static void awaitStandstill(AtomicLong sent) {
    var last = new AtomicLong(-1);
    await().during(Duration.ofMillis(700)).until(() -> last.getAndSet(sent.get()) == sent.get());
  }

  private static long count(HttpClientResponse response) {
    var received = new AtomicLong();
    var whole = Promise.<Void>promise();
    response.handler(chunk -> received.addAndGet(chunk.length()));
    response.endHandler(whole::complete);
    response.exceptionHandler(whole::fail);
    response.resume();
    done(whole.future());
    return received.get();
  }
}
