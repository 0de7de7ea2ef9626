package dev.keyturn.keys;

import static dev.keyturn.keys.Await.done;
import static dev.keyturn.keys.GivenKeys.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Patience;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Routes;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JwksEndpointTest {
  private static final Issuer ISSUER = new Issuer("https://mcp.example.com/team");
  private static final SigningKeys FIRST = SigningKeys.of(key("p256-pkcs8.pem"), List.of());
  private static final SigningKeys SECOND =
      SigningKeys.of(key("ed25519-pkcs8.pem"), List.of(key("p256-pkcs8.pem")));

  private final AtomicReference<SigningKeys> keys = new AtomicReference<>(FIRST);
  private final JwksEndpoint endpoint = new JwksEndpoint(ISSUER, keys::get, Duration.ofMinutes(5));
  private final HttpClient client = HttpClient.newHttpClient();

  private Vertx vertx;
  private int port;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    var router = Router.router(vertx);
    new Routes(new Refusals(Pages.create(vertx, ISSUER)), new SecureRandom())
        .mount(router, List.of(endpoint));
    port =
        done(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  @Test
  void contributes_its_url_to_the_metadata() {
    assertThat(endpoint.metadata())
        .containsOnly(
            java.util.Map.entry("jwks_uri", "https://mcp.example.com/team/.well-known/jwks.json"));
  }

  @Test
  void answers_with_the_jwk_set() throws Exception {
    assertThat(new JsonObject(Buffer.buffer(fetch().body()))).isEqualTo(FIRST.jwks());
  }

  @Test
  void says_that_it_is_json() throws Exception {
    assertThat(fetch().headers().firstValue("Content-Type")).contains("application/json");
  }

  @Test
  void says_how_long_it_holds() throws Exception {
    assertThat(fetch().headers().allValues("Cache-Control")).containsExactly("public, max-age=300");
  }

  @Test
  void names_its_content_by_a_strong_tag() throws Exception {
    assertThat(tag()).matches("\"[A-Za-z0-9_-]{43}\"");
  }

  @Test
  void is_unchanged_for_who_has_it() throws Exception {
    assertThat(fetch(tag()).statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "W/%s", "\"a\", %s", "\"a\",W/%s,\"b\"", " %s "})
  void is_unchanged_in_every_form_of_the_question(String form) throws Exception {
    assertThat(fetch(form.formatted(tag())).statusCode()).isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\"", "a, \"b\"", "", "W/\"a\"", "\"*\""})
  void is_sent_to_who_has_another(String other) throws Exception {
    assertThat(fetch(other).statusCode()).isEqualTo(200);
  }

  @Test
  void an_unchanged_answer_repeats_tag_and_life() throws Exception {
    var headers = fetch(tag()).headers();
    assertThat(List.of(headers.firstValue("ETag"), headers.firstValue("Cache-Control")))
        .containsExactly(
            fetch().headers().firstValue("ETag"), java.util.Optional.of("public, max-age=300"));
  }

  @Test
  void an_unchanged_answer_has_no_body() throws Exception {
    assertThat(fetch(tag()).body()).isEmpty();
  }

  @Test
  void changes_with_the_keys() throws Exception {
    var before = tag();
    keys.set(SECOND);
    assertThat(new JsonObject(Buffer.buffer(fetch(before).body()))).isEqualTo(SECOND.jwks());
  }

  @Test
  void keeps_its_tag_for_the_same_keys_of_another_snapshot() throws Exception {
    var before = tag();
    keys.set(SigningKeys.of(key("p256-sec1.pem"), List.of()));
    assertThat(fetch(before).statusCode()).isEqualTo(304);
  }

  private String tag() throws Exception {
    return fetch().headers().firstValue("ETag").orElseThrow();
  }

  private HttpResponse<byte[]> fetch(String... ifNoneMatch) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + port + "/team/.well-known/jwks.json");
    var request = HttpRequest.newBuilder(uri).timeout(Patience.LONG);
    for (var tags : ifNoneMatch) {
      request.header("If-None-Match", tags);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }
}
