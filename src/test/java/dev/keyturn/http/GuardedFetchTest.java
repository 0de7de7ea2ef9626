package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.Futures;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.Patience;
import dev.keyturn.given.SettableClock;
import dev.keyturn.http.FetchFailure.Reason;
import dev.keyturn.http.GuardedFetch.Fetched;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GuardedFetchTest {
  private static final String HOST = "client.example";
  private static final String SOMEBODY = "192.0.2.7";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(5);

  private final Vertx vertx = Vertx.vertx();
  private final SettableClock clock = new SettableClock();
  private MetadataHost host;

  @BeforeEach
  void start() {
    host = MetadataHost.started(HOST).publish("/c.json", new JsonObject().put("a", 1));
  }

  @AfterEach
  void stop() {
    host.close();
    Futures.done(vertx.close());
  }

  @Test
  void brings_what_is_there() {
    assertThat(get("/c.json").body()).hasToString("{\"a\":1}");
  }

  @Test
  void brings_the_headers() {
    host.publish("/c.json", new JsonObject(), Map.of("Cache-Control", "max-age=7"));
    assertThat(get("/c.json").headers().get("cache-control")).isEqualTo("max-age=7");
  }

  @Test
  void names_the_host_to_tls_and_to_http_and_asks_for_json() {
    get("/c.json");
    assertThat(host.heads())
        .singleElement()
        .asString()
        .startsWith(HOST + " ")
        .containsIgnoringCase("host=" + HOST)
        .containsIgnoringCase("accept=application/json");
  }

  @Test
  void sends_no_cookie_and_no_credentials() {
    host.publish("/c.json", new JsonObject(), Map.of("Set-Cookie", "a=b"));
    var fetch = fetch(LONG);
    done(fetch.get(host.url("/c.json"), SOMEBODY));
    done(fetch.get(host.url("/c.json"), SOMEBODY));
    assertThat(String.join(" ", host.heads()).toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("cookie", "authorization");
  }

  @Test
  void sends_the_query() {
    host.publish("/c.json?v=2", new JsonObject().put("v", 2));
    assertThat(get("/c.json?v=2").body()).hasToString("{\"v\":2}");
  }

  @ParameterizedTest
  @CsvSource({"301,REDIRECT", "302,REDIRECT", "303,REDIRECT", "307,REDIRECT", "308,REDIRECT"})
  void follows_no_redirect(int status, Reason reason) {
    host.answer(
        "/c.json",
        request ->
            request
                .response()
                .setStatusCode(status)
                .putHeader("Location", host.url("/other").toString())
                .end());
    assertThat(failure("/c.json")).isEqualTo(reason);
    assertThat(host.requests("/other")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "404,GONE",
    "410,GONE",
    "201,STATUS",
    "204,STATUS",
    "206,STATUS",
    "403,STATUS",
    "500,STATUS"
  })
  void takes_no_other_status_than_200(int status, Reason reason) {
    host.fail("/c.json", status);
    assertThat(failure("/c.json")).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/jwk-set+json",
        "application/oauth-client+json"
      })
  void takes_what_says_that_it_is_json(String type) {
    host.publish("/c.json", type, "{}");
    assertThat(get("/c.json").body()).hasToString("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "text/plain", "application/jsonp", "application/x; json"})
  void takes_nothing_that_does_not_say_so(String type) {
    host.publish("/c.json", type, "{}");
    assertThat(failure("/c.json")).isEqualTo(Reason.NOT_JSON);
  }

  @Test
  void takes_a_body_of_the_greatest_size() {
    host.publish("/c.json", "application/json", "x".repeat(GuardedFetch.MAX_BODY));
    assertThat(get("/c.json").body().length()).isEqualTo(GuardedFetch.MAX_BODY);
  }

  @Test
  void cuts_a_body_that_says_that_it_is_too_large() {
    host.publish("/c.json", "application/json", "x".repeat(GuardedFetch.MAX_BODY + 1));
    assertThat(failure("/c.json")).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void cuts_a_body_that_turns_out_too_large() {
    host.answer(
        "/c.json",
        request -> {
          var response = request.response().setChunked(true);
          response.putHeader("Content-Type", "application/json");
          response.write(Buffer.buffer(new byte[GuardedFetch.MAX_BODY]));
          response.write("x");
        });
    assertThat(failure("/c.json")).isEqualTo(Reason.TOO_LARGE);
  }

  private int post(GuardedFetch fetch, URI to) {
    return done(fetch.post(to, Buffer.buffer("a=b"), SOMEBODY));
  }

  private Reason unsent(GuardedFetch fetch, URI to) {
    return ((FetchFailure) Futures.failed(fetch.post(to, Buffer.buffer("a=b"), SOMEBODY))).reason();
  }

  @Test
  void sends_a_form_and_tells_the_status() {
    var bodies = new java.util.concurrent.CopyOnWriteArrayList<String>();
    host.answer(
        "/told",
        request ->
            request
                .body()
                .onSuccess(
                    body -> {
                      bodies.add(request.getHeader("Content-Type") + " " + body);
                      request.response().setStatusCode(204).end();
                    }));
    assertThat(post(fetch(LONG), host.url("/told"))).isEqualTo(204);
    assertThat(bodies).containsExactly("application/x-www-form-urlencoded a=b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/told",
        "https://localhost/told",
        "https://[::1]/told",
        "https://2130706433/told"
      })
  void sends_nothing_behind_our_own_door(String to) {
    assertThat(unsent(fetch(LONG), URI.create(to))).isEqualTo(Reason.PRIVATE_ADDRESS);
  }

  @Test
  void sends_nothing_without_tls() {
    assertThat(unsent(fetch(LONG), URI.create("http://client.example/told"))).isEqualTo(Reason.URL);
  }

  @Test
  void follows_no_redirect_of_a_form() {
    host.answer(
        "/told",
        request ->
            request
                .response()
                .setStatusCode(307)
                .putHeader("Location", host.url("/other").toString())
                .end());
    assertThat(post(fetch(LONG), host.url("/told"))).isEqualTo(307);
    assertThat(host.requests("/other")).isZero();
  }

  @Test
  void counts_the_forms_of_one_sender() {
    host.answer("/told", request -> request.response().end());
    var fetch = fetch(LONG);
    for (int i = 0; i < 60; i++) {
      post(fetch, host.url("/told"));
    }
    assertThat(unsent(fetch, host.url("/told"))).isEqualTo(Reason.QUOTA);
  }

  @Test
  void leaves_a_host_that_keeps_silent() {
    host.beSilent("/c.json");
    assertThat(failure(fetch(SHORT), "/c.json")).isEqualTo(Reason.TIMEOUT);
    assertThat(host.requests("/c.json")).isEqualTo(1);
  }

  @Test
  void leaves_a_tar_pit_that_sends_a_byte_now_and_then() {
    host.drip("/c.json");
    assertThat(failure(fetch(SHORT), "/c.json")).isEqualTo(Reason.TIMEOUT);
    assertThat(host.requests("/c.json")).isEqualTo(1);
  }

  @Test
  void closes_the_connection_to_a_tar_pit() throws InterruptedException {
    var closed = new CountDownLatch(1);
    host.answer(
        "/c.json",
        request -> {
          request.connection().closeHandler(gone -> closed.countDown());
          request.response().setChunked(true).putHeader("Content-Type", "application/json");
          request.response().write("{");
        });
    failure(fetch(SHORT), "/c.json");
    assertThat(closed.await(Patience.SECONDS, Patience.UNIT)).isTrue();
  }

  @Test
  void gives_the_look_up_of_the_name_no_time_of_its_own() {
    var fetch =
        new GuardedFetch(
            vertx,
            rules(Map.of()),
            clock,
            name -> Promise.<List<InetAddress>>promise().future(),
            Duration.ofMillis(100));
    assertThat(failure(fetch, "/c.json")).isEqualTo(Reason.TIMEOUT);
  }

  @Test
  void believes_no_certificate_of_another_name() {
    var other = URI.create("https://other.example/c.json");
    var fetch = fetch(rules(Map.of("other.example", at(host.port()))), LONG);
    assertThat(failure(fetch.get(other, SOMEBODY))).isEqualTo(Reason.TLS);
  }

  @Test
  void believes_no_certificate_of_an_authority_that_is_not_trusted() {
    var rules =
        new FetchRules(List.of(), List.of(), 60, Map.of(HOST, at(host.port())), Optional.empty());
    assertThat(failure(fetch(rules, LONG), "/c.json")).isEqualTo(Reason.TLS);
  }

  @Test
  void tells_that_nobody_answers() {
    host.goAway();
    assertThat(failure("/c.json")).isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void tells_that_nobody_knows_the_name() {
    assertThat(failure(resolving(List.of()), "/c.json")).isEqualTo(Reason.UNRESOLVABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://client.example/c.json",
        "ftp://client.example/c.json",
        "https://user@client.example/c.json",
        "https://client.example/c.json#part",
        "https://client.example:25/c.json",
        "https://client.example:22/c.json"
      })
  void fetches_no_such_url(String url) {
    assertThat(failure(fetch(LONG).get(URI.create(url), SOMEBODY))).isEqualTo(Reason.URL);
  }

  @Test
  void fetches_from_a_high_port() {
    assertThat(done(fetch(LONG).get(URI.create("https://client.example:8443/c.json"), SOMEBODY)))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "a.0x7f",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[fd00::1]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "8.8.8.8",
        "metadata",
        "client.example.",
        "CLIENT.EXAMPLE"
      })
  void takes_no_number_and_no_bare_name_for_a_host(String name) {
    var lenient = fetch(rules(Map.of(name, at(host.port()))), LONG);
    assertThat(failure(lenient.get(URI.create("https://" + name + "/c.json"), SOMEBODY)))
        .isEqualTo(Reason.PRIVATE_ADDRESS);
    assertThat(host.requests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "0.0.0.0",
        "::1",
        "::",
        "fd00::1",
        "fe80::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:a00:1::"
      })
  void never_goes_to(String address) {
    assertThat(failure(resolving(addresses(address)), "/c.json")).isEqualTo(Reason.PRIVATE_ADDRESS);
  }

  @Test
  void one_private_address_among_public_ones_spoils_them_all() {
    var both = addresses("8.8.8.8", "127.0.0.1");
    assertThat(failure(resolving(both), "/c.json")).isEqualTo(Reason.PRIVATE_ADDRESS);
  }

  @Test
  void a_name_that_is_public_first_and_private_then_is_asked_for_once_and_never_reached() {
    var answers = new ArrayDeque<List<InetAddress>>();
    answers.add(addresses("8.8.8.8"));
    answers.add(addresses("127.0.0.1"));
    var asked = new ArrayList<String>();
    var fetch = rebinding(answers, asked);
    var url = URI.create("https://client.example:" + host.port() + "/c.json");
    failure(fetch.get(url, SOMEBODY));
    assertThat(asked).containsExactly(HOST);
    assertThat(host.requests()).isZero();
    assertThat(failure(fetch.get(url, SOMEBODY))).isEqualTo(Reason.PRIVATE_ADDRESS);
  }

  @ParameterizedTest
  @CsvSource({
    "client.example,'',true",
    "'',client.example,false",
    "other.example,'',false",
    "'',other.example,true",
    "*.example,'',true",
    "'',*.example,false",
    "*.client.example,'',false",
    "'*.example','client.example',false"
  })
  void keeps_to_the_lists_of_hosts(String allowed, String denied, boolean admitted) {
    var rules =
        new FetchRules(
            words(allowed),
            words(denied),
            60,
            Map.of(HOST, at(host.port())),
            Optional.of(Buffer.buffer(MetadataHost.authorityPem())));
    var outcome = fetch(rules, LONG).get(host.url("/c.json"), SOMEBODY);
    if (admitted) {
      assertThat(done(outcome).body()).hasToString("{\"a\":1}");
    } else {
      assertThat(failure(outcome)).isEqualTo(Reason.DENIED);
    }
  }

  @Test
  void a_hundred_who_ask_at_once_cause_one_request() {
    var held = new CountDownLatch(100);
    host.answer(
        "/c.json",
        request ->
            vertx
                .executeBlocking(() -> held.await(Patience.SECONDS, Patience.UNIT))
                .onComplete(
                    all ->
                        request
                            .response()
                            .putHeader("Content-Type", "application/json")
                            .end("{}")));
    var fetch = fetch(LONG);
    var all =
        IntStream.range(0, 100)
            .mapToObj(
                i -> {
                  var outcome = fetch.get(host.url("/c.json"), "192.0.2." + i);
                  held.countDown();
                  return outcome;
                })
            .toList();
    all.forEach(GuardedFetchTest::done);
    assertThat(host.requests("/c.json")).isEqualTo(1);
  }

  @Test
  void what_was_fetched_is_fetched_anew_afterwards() {
    var fetch = fetch(LONG);
    done(fetch.get(host.url("/c.json"), SOMEBODY));
    done(fetch.get(host.url("/c.json"), SOMEBODY));
    assertThat(host.requests("/c.json")).isEqualTo(2);
  }

  @Test
  void a_fifth_request_to_one_host_at_a_time_is_one_too_many() {
    var fetch = fetch(LONG);
    IntStream.range(0, 4)
        .forEach(
            i -> {
              host.beSilent("/" + i);
              fetch.get(host.url("/" + i), SOMEBODY);
            });
    assertThat(failure(fetch, "/c.json")).isEqualTo(Reason.BUSY);
  }

  @Test
  void those_that_have_ended_count_no_more() {
    var fetch = fetch(LONG);
    IntStream.range(0, 8).forEach(i -> done(fetch.get(host.url("/c.json"), SOMEBODY)));
    assertThat(done(fetch.get(host.url("/c.json"), SOMEBODY))).isNotNull();
  }

  @Test
  void one_address_may_cause_so_many_fetches_in_a_minute_and_no_more() {
    var fetch = fetch(rules(Map.of(HOST, at(host.port())), 2), LONG);
    done(fetch.get(host.url("/c.json"), SOMEBODY));
    done(fetch.get(host.url("/c.json"), SOMEBODY));
    assertThat(failure(fetch, "/c.json")).isEqualTo(Reason.QUOTA);
    assertThat(done(fetch.get(host.url("/c.json"), "192.0.2.8"))).isNotNull();
    clock.forward(Duration.ofMinutes(1).plusMillis(1));
    assertThat(done(fetch.get(host.url("/c.json"), SOMEBODY))).isNotNull();
  }

  @Test
  void a_failure_names_the_host_and_nothing_that_it_sent() {
    host.publish("/c.json", "text/html", "a secret of the intranet");
    assertThatThrownBy(() -> Futures.done(fetch(LONG).get(host.url("/c.json"), SOMEBODY)))
        .hasStackTraceContaining(HOST)
        .satisfies(e -> assertThat(String.valueOf(e)).doesNotContain("intranet"));
  }

  private Fetched get(String path) {
    return done(fetch(LONG).get(host.url(path), SOMEBODY));
  }

  private Reason failure(String path) {
    return failure(fetch(LONG), path);
  }

  private Reason failure(GuardedFetch fetch, String path) {
    return failure(fetch.get(host.url(path), SOMEBODY));
  }

  private static Reason failure(Future<Fetched> outcome) {
    Patience.await().until(outcome::isComplete);
    assertThat(outcome.failed()).isTrue();
    return ((FetchFailure) outcome.cause()).reason();
  }

  private static <T> T done(Future<T> future) {
    return Futures.done(future);
  }

  private GuardedFetch fetch(Duration time) {
    return fetch(rules(Map.of(HOST, at(host.port()))), time);
  }

  private GuardedFetch fetch(FetchRules rules, Duration time) {
    return new GuardedFetch(
        vertx, rules, clock, name -> Future.succeededFuture(List.<InetAddress>of()), time);
  }

  private GuardedFetch resolving(List<InetAddress> addresses) {
    return new GuardedFetch(
        vertx, rules(Map.of()), clock, name -> Future.succeededFuture(addresses), LONG);
  }

  private GuardedFetch rebinding(Deque<List<InetAddress>> answers, List<String> asked) {
    return new GuardedFetch(
        vertx,
        rules(Map.of()),
        clock,
        name -> {
          asked.add(name);
          return Future.succeededFuture(answers.pop());
        },
        SHORT);
  }

  private static FetchRules rules(Map<String, SocketAddress> elsewhere) {
    return rules(elsewhere, 60);
  }

  private static FetchRules rules(Map<String, SocketAddress> elsewhere, int perAddress) {
    return new FetchRules(
        List.of(),
        List.of(),
        perAddress,
        elsewhere,
        Optional.of(Buffer.buffer(MetadataHost.authorityPem())));
  }

  private static SocketAddress at(int port) {
    return SocketAddress.inetSocketAddress(port, "127.0.0.1");
  }

  private static List<String> words(String text) {
    return Stream.of(text).filter(word -> !word.isEmpty()).toList();
  }

  private static List<InetAddress> addresses(String... literals) {
    return Stream.of(literals)
        .flatMap(
            literal -> {
              try {
                return Stream.of(InetAddress.getAllByName(literal));
              } catch (UnknownHostException e) {
                throw new AssertionError("a literal address needs no resolver", e);
              }
            })
        .toList();
  }
}
