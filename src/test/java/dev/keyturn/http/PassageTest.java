package dev.keyturn.http;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Secret;
import dev.keyturn.given.ConnectProxy;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to real servers with TLS, whose authority nobody else knows. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PassageTest {
  private static final String HOST = "login.provider.example";
  private static final GivenCertificate AUTHORITY = GivenCertificate.good();
  private static final GivenCertificate SERVER = AUTHORITY.issues(HOST);
  private static final Reach PRIVATE = new Reach(false, true, false);

  private Vertx vertx;
  private int port;

  @BeforeEach
  void serve(Vertx given) {
    vertx = given;
    var options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(SERVER.certificatePem()))
                    .addKeyValue(Buffer.buffer(SERVER.keyPem())));
    port =
        done(vertx
                .createHttpServer(options)
                .requestHandler(
                    request -> request.response().end("at " + request.authority().host()))
                .listen(0, "127.0.0.1"))
            .actualPort();
  }

  private static Optional<Authorities> authorities(GivenCertificate certificate) {
    return Authorities.parse(certificate.certificatePem().getBytes(StandardCharsets.US_ASCII));
  }

  private static Passage passage(Optional<Authorities> authorities, Optional<EgressProxy> proxy) {
    return passage(PRIVATE, authorities, proxy);
  }

  private static Passage passage(
      Reach reach, Optional<Authorities> authorities, Optional<EgressProxy> proxy) {
    return new Passage(
        reach, authorities, proxy, Passage.CONNECT, Passage.ANSWER, Passage.MAX_BODY);
  }

  private Future<OutgoingHttp.Answer> get(Passage passage, String host) {
    return new OutgoingHttp(vertx, passage)
        .get(URI.create("https://" + host + ":" + port + "/x"), Map.of());
  }

  private static String because(Future<?> refused) {
    assertThat(failed(refused)).isInstanceOf(UnavailableException.class);
    return String.valueOf(failed(refused).getMessage());
  }

  @Nested
  class With_authorities {
    @Test
    void a_server_that_they_vouch_for_is_believed() {
      var answer = done(get(passage(authorities(AUTHORITY), Optional.empty()), "127.0.0.1"));
      assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void a_server_that_others_vouch_for_is_not() {
      var others = authorities(GivenCertificate.good());
      assertThat(because(get(passage(others, Optional.empty()), "127.0.0.1")))
          .contains("did not answer");
    }

    @Test
    void without_them_the_platform_decides() {
      assertThat(because(get(passage(Optional.empty(), Optional.empty()), "127.0.0.1")))
          .contains("did not answer");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "no certificate",
          "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        })
    void what_is_no_certificate_is_refused(String file) {
      assertThat(Authorities.parse(file.getBytes(StandardCharsets.US_ASCII))).isEmpty();
    }

    @Test
    void several_may_stand_in_one_file() {
      var both = AUTHORITY.certificatePem() + GivenCertificate.good().certificatePem();
      assertThat(Authorities.parse(both.getBytes(StandardCharsets.US_ASCII))).isPresent();
    }
  }

  @Nested
  class Through_a_proxy {
    private ConnectProxy proxy;

    @BeforeEach
    void start() {
      proxy = ConnectProxy.start(vertx).knows(HOST, port);
    }

    private EgressProxy way(Optional<EgressProxy.Login> login) {
      return new EgressProxy("127.0.0.1", URI.create(proxy.url()).getPort(), login);
    }

    private Passage through(Reach reach, Optional<EgressProxy.Login> login) {
      return passage(reach, authorities(AUTHORITY), Optional.of(way(login)));
    }

    private Passage through() {
      return through(Reach.PUBLIC, Optional.empty());
    }

    @Test
    void a_name_that_nobody_knows_here_is_looked_up_there() {
      var answer = done(get(through(), HOST));
      assertThat(answer.body().toString()).isEqualTo("at " + HOST);
      assertThat(proxy.asked).containsExactly(HOST + ":" + port);
    }

    @Test
    void the_server_must_still_be_who_it_says() {
      proxy.knows("other.example", port);
      assertThat(because(get(through(), "other.example"))).contains("did not answer");
    }

    @Test
    void the_proxy_is_told_who_we_are() {
      proxy.login = "keyturn:secret";
      var login = new EgressProxy.Login("keyturn", new Secret("secret"));
      assertThat(done(get(through(Reach.PUBLIC, Optional.of(login)), HOST)).status())
          .isEqualTo(200);
    }

    @Test
    void a_proxy_that_does_not_know_us_is_an_outage_in_which_nothing_was_sent() {
      proxy.login = "keyturn:secret";
      var refused = get(through(), HOST);
      assertThat(because(refused)).contains("the proxy did not connect").doesNotContain("secret");
      assertThat(((UnavailableException) failed(refused)).mayBeDone()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 502, 503})
    void a_proxy_that_refuses_is_an_outage(int status) {
      proxy.refusal = status;
      assertThat(because(get(through(), HOST))).contains("the proxy did not connect");
    }

    @Test
    void a_proxy_that_is_away_is_an_outage() {
      var gone = new EgressProxy("127.0.0.1", 1, Optional.empty());
      assertThat(because(get(passage(Optional.empty(), Optional.of(gone)), HOST)))
          .contains("did not answer");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "127.0.0.1",
          "10.0.0.1",
          "169.254.169.254",
          "[::1]",
          "localhost",
          "metadata.google.internal",
          "printer.local",
          "neighbour",
          "2130706433",
          "0177.0.0.1",
          "[::ffff:10.0.0.1]"
        })
    void what_is_private_by_its_spelling_is_not_asked_for(String host) {
      assertThat(because(get(through(), host))).contains("not a host of the public internet");
      assertThat(proxy.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"999.1.1.1", "1.2.3.4.5", "0177.0.0.1", "1.2.3.256", "127.1"})
    void what_is_no_address_for_everybody_is_not_asked_for(String host) {
      failed(get(through(), host));
      assertThat(proxy.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "[2001:4860:4860::8888]"})
    void public_addresses_are_asked_for(String host) {
      failed(get(through(), host)); // The proxy does not know it.
      assertThat(proxy.asked).containsExactly(host + ":" + port);
    }

    @Test
    void private_names_are_asked_for_where_the_operator_says_so() {
      proxy.knows("neighbour", port);
      failed(get(through(PRIVATE, Optional.empty()), "neighbour")); // It is not in the certificate.
      assertThat(proxy.asked).containsExactly("neighbour:" + port);
    }

    @Test
    void nothing_goes_without_tls() {
      var plain =
          passage(
              new Reach(true, true, true), Optional.empty(), Optional.of(way(Optional.empty())));
      var refused =
          new OutgoingHttp(vertx, plain).get(URI.create("http://" + HOST + "/x"), Map.of());
      assertThat(because(refused)).contains("https");
      assertThat(proxy.asked).isEmpty();
    }

    @Test
    void the_password_does_not_print() {
      var login = new EgressProxy.Login("keyturn", new Secret("secret"));
      assertThat(through(Reach.PUBLIC, Optional.of(login)).toString()).doesNotContain("secret");
    }
  }

  @Test
  void an_answer_may_be_as_large_as_is_said() {
    var narrow =
        new Passage(
            PRIVATE, authorities(AUTHORITY), Optional.empty(), Passage.CONNECT, Passage.ANSWER, 4);
    assertThat(because(get(narrow, "127.0.0.1"))).contains("sent more than 4 bytes");
  }

  @Test
  void an_answer_may_take_as_long_as_is_said() {
    var slow = done(vertx.createHttpServer().requestHandler(request -> {}).listen(0, "127.0.0.1"));
    var hasty =
        new Passage(
            new Reach(true, true, true),
            Optional.empty(),
            Optional.empty(),
            Passage.CONNECT,
            Duration.ofMillis(50),
            Passage.MAX_BODY);
    var refused =
        new OutgoingHttp(vertx, hasty)
            .get(URI.create("http://127.0.0.1:" + slow.actualPort() + "/"), Map.of());
    assertThat(because(refused)).contains("did not answer");
  }
}
