package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.Patience;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.junit5.VertxExtension;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OutgoingHttpTest {
  private static final Reach LOOPBACK = new Reach(false, false, true);
  private static final Reach ANYWHERE = new Reach(true, true, false);
  private static final Duration LONG = Duration.ofSeconds(10);

  private Vertx vertx;

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void brings_the_answer() {
    var url = serve(request -> request.response().setStatusCode(418).end("tea"));
    var answer = done(new OutgoingHttp(vertx, LOOPBACK).get(url, Map.of()));
    assertThat(answer.status() + " " + answer.body()).isEqualTo("418 tea");
  }

  @ParameterizedTest
  @CsvSource({"Accept,application/json", "User-Agent,Keyturn", "X-More,1"})
  void sends_the_header(String name, String value) {
    var url = serve(request -> request.response().end("" + request.getHeader(name)));
    var answer = done(new OutgoingHttp(vertx, LOOPBACK).get(url, Map.of("X-More", "1")));
    assertThat(answer.body().toString()).isEqualTo(value);
  }

  @Test
  void posts_a_body() {
    var url = serve(request -> request.body().onSuccess(request.response()::end));
    var answer = done(new OutgoingHttp(vertx, LOOPBACK).post(url, Map.of(), Buffer.buffer("a=b")));
    assertThat(answer.body().toString()).isEqualTo("a=b");
  }

  @Test
  void a_redirect_is_an_answer() {
    var url =
        serve(
            request -> request.response().setStatusCode(302).putHeader("Location", "/other").end());
    assertThat(done(new OutgoingHttp(vertx, LOOPBACK).get(url, Map.of())).status()).isEqualTo(302);
  }

  @Test
  void a_body_of_the_greatest_size_is_read() {
    var url =
        serve(request -> request.response().end(Buffer.buffer(new byte[OutgoingHttp.MAX_BODY])));
    assertThat(done(new OutgoingHttp(vertx, LOOPBACK).get(url, Map.of())).body().length())
        .isEqualTo(OutgoingHttp.MAX_BODY);
  }

  @Test
  void a_body_with_one_byte_more_is_cut() {
    var url =
        serve(
            request -> request.response().end(Buffer.buffer(new byte[OutgoingHttp.MAX_BODY + 1])));
    refuses(new OutgoingHttp(vertx, LOOPBACK).get(url, Map.of()), "sent more than");
  }

  @Test
  void a_body_that_never_ends_is_cut() {
    var url =
        serve(
            request -> {
              var response = request.response().setChunked(true);
              response.write(Buffer.buffer(new byte[OutgoingHttp.MAX_BODY]));
              response.write("x");
            });
    refuses(new OutgoingHttp(vertx, LOOPBACK).get(url, Map.of()), "sent more than");
  }

  @Test
  void a_server_that_keeps_silent_is_left() {
    var url = serve(request -> {});
    refuses(
        outgoing(LOOPBACK, new HttpClientOptions(), "127.0.0.1", Duration.ofMillis(50))
            .get(url, Map.of()),
        "did not answer");
  }

  @Test
  void time_in_the_queue_is_not_time_that_the_server_took() {
    var url = serve(request -> answerUnlessToBeSilent(request));
    var patient = outgoing(LOOPBACK, new HttpClientOptions(), "127.0.0.1", Duration.ofSeconds(2));
    var silent =
        IntStream.range(0, 16)
            .mapToObj(i -> patient.get(url.resolve("/silent"), Map.of()))
            .toList();
    var last = patient.get(url, Map.of());
    silent.forEach(one -> refuses(one, "did not answer"));
    assertThat(done(last).status()).isEqualTo(200);
  }

  private static void answerUnlessToBeSilent(HttpServerRequest request) {
    if (!request.path().equals("/silent")) {
      request.response().end();
    }
  }

  @Test
  void a_server_that_drips_is_left() {
    var url = serve(request -> request.response().setChunked(true).write("x"));
    refuses(
        outgoing(LOOPBACK, new HttpClientOptions(), "127.0.0.1", Duration.ofMillis(200))
            .get(url, Map.of()),
        "did not answer");
  }

  @Test
  void a_closed_port_is_unavailable() {
    refuses(
        new OutgoingHttp(vertx, LOOPBACK).get(URI.create("http://127.0.0.1:1/"), Map.of()),
        "did not answer");
  }

  @Test
  void plain_http_is_refused() {
    refuses(
        new OutgoingHttp(vertx, new Reach(false, true, false))
            .get(URI.create("http://idp.example/"), Map.of()),
        "must be called by https");
  }

  @Test
  void loopback_is_refused_unless_allowed() {
    refuses(
        new OutgoingHttp(vertx, Reach.PUBLIC).get(URI.create("https://127.0.0.1:1/"), Map.of()),
        "not public");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1"})
  void a_name_that_leads_behind_our_door_is_refused(String address) {
    refuses(
        outgoing(new Reach(true, false, true), new HttpClientOptions(), address, LONG)
            .get(URI.create("http://idp.example/"), Map.of()),
        "not public");
  }

  @Test
  void the_connection_goes_to_the_address_that_was_judged() {
    var url = serve(request -> request.response().end(request.authority().toString()));
    var named = URI.create("http://idp.invalid:" + url.getPort() + "/");
    var answer =
        done(outgoing(ANYWHERE, new HttpClientOptions(), "127.0.0.1", LONG).get(named, Map.of()));
    assertThat(answer.body().toString()).isEqualTo("idp.invalid:" + url.getPort());
  }

  @Test
  void the_next_address_is_tried_when_one_cannot_be_reached() throws Exception {
    var url = serve(request -> request.response().end("here"));
    var named = URI.create("http://idp.invalid:" + url.getPort() + "/");
    var both =
        new InetAddress[] {
          InetAddress.getByAddress(new byte[] {127, 0, 0, 2}),
          InetAddress.getByAddress(new byte[] {127, 0, 0, 1})
        };
    var http = new OutgoingHttp(vertx, ANYWHERE, new HttpClientOptions(), host -> both, LONG);
    assertThat(done(http.get(named, Map.of())).body().toString()).isEqualTo("here");
  }

  @Test
  void tls_names_and_proves_the_host_of_the_url() {
    var certificate = SelfSignedCertificate.create("idp.invalid");
    var answer = overTls(certificate, "idp.invalid");
    assertThat(done(answer).body().toString()).isEqualTo("idp.invalid");
  }

  @Test
  void a_certificate_of_another_host_is_refused() {
    var certificate = SelfSignedCertificate.create("other.invalid");
    refuses(overTls(certificate, "idp.invalid"), "did not answer");
  }

  private Future<Answer> overTls(SelfSignedCertificate certificate, String host) {
    var server =
        done(
            vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(certificate.keyCertOptions()))
                .requestHandler(
                    request ->
                        request
                            .response()
                            .end(String.valueOf(request.connection().indicatedServerName())))
                .listen(0, "127.0.0.1"));
    var trusting = new HttpClientOptions().setTrustOptions(certificate.trustOptions());
    return outgoing(ANYWHERE, trusting, "127.0.0.1", LONG)
        .get(URI.create("https://" + host + ":" + server.actualPort() + "/"), Map.of());
  }

  private OutgoingHttp outgoing(
      Reach reach, HttpClientOptions options, String address, Duration whole) {
    return new OutgoingHttp(
        vertx, reach, options, host -> InetAddress.getAllByName(address), whole);
  }

  private URI serve(Handler<HttpServerRequest> handler) {
    var server = done(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/");
  }

  private static void refuses(Future<Answer> answer, String message) {
    assertThatThrownBy(() -> done(answer))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(message);
  }

  private static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(Patience.SECONDS, Patience.UNIT);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
