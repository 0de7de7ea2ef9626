package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.given.Futures;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SigningClient;
import dev.keyturn.http.FetchRules;
import dev.keyturn.http.GuardedFetch;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7523, section 3. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientAssertionsTest {
  private static final Issuer ISSUER = new Issuer("https://as.example.com");
  private static final String SOMEBODY = "192.0.2.7";
  private static final Vertx VERTX = Vertx.vertx();
  private static MetadataHost host;

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1_000);
  private final SigningClient signer = SigningClient.of("c1", ISSUER.value(), clock);
  private ClientAssertions assertions = assertions();

  @BeforeAll
  static void start() {
    host = MetadataHost.started("client.example");
  }

  @AfterAll
  static void stop() {
    host.close();
    Futures.done(VERTX.close());
  }

  @BeforeEach
  void begin() {
    assertions = assertions();
  }

  private ClientAssertions assertions() {
    var rules =
        host == null
            ? FetchRules.PUBLIC
            : new FetchRules(
                List.of(),
                List.of(),
                1_000,
                Map.of("client.example", SocketAddress.inetSocketAddress(host.port(), "127.0.0.1")),
                Optional.of(Buffer.buffer(MetadataHost.authorityPem())));
    var keys =
        new PublishedKeys(new GuardedFetch(VERTX, rules, clock), Duration.ofMinutes(5), clock);
    return new ClientAssertions(ISSUER, keys, store, VERTX, clock);
  }

  private static Client client(ClientKeys keys) {
    return new Client(
        "c1",
        Client.Kind.REGISTERED,
        new ClientName("c"),
        List.of(),
        Set.of(),
        Optional.empty(),
        List.of(),
        Authentication.byKeys(keys, true));
  }

  private static ClientKeys listed(ECKey... keys) {
    return ClientKeys.listed(
        PublicKeys.parse(SigningClient.jwks(keys).toBuffer()), Optional.empty());
  }

  private Client known() {
    return client(listed(signer.key()));
  }

  private Future<Client> prove(Client client, String assertion) {
    return Future.succeededFuture(assertion)
        .map(ClientAssertion::parse)
        .compose(parsed -> assertions.prove(client, parsed, SOMEBODY));
  }

  private void accepts(String assertion) {
    assertThat(Futures.done(prove(known(), assertion)).id()).isEqualTo("c1");
  }

  private void refuses(String assertion, String because) {
    assertThat(Futures.failed(prove(known(), assertion))).hasMessageContaining(because);
  }

  private void refuses(UnaryOperator<JWTClaimsSet.Builder> change, String because) {
    refuses(signer.assertion(change), because);
  }

  private Date in(Duration time) {
    return Date.from(clock.instant().plus(time));
  }

  @Test
  void one_in_which_everything_is_in_order() {
    accepts(signer.assertion());
  }

  @Test
  void the_token_endpoint_as_audience() {
    accepts(signer.assertion(claims -> claims.audience("https://as.example.com/oauth/token")));
  }

  @Test
  void another_audience() {
    refuses(claims -> claims.audience("https://other.example.com"), "must be for the issuer");
  }

  @Test
  void our_audience_beside_another() {
    refuses(
        claims -> claims.audience(List.of(ISSUER.value(), "https://other.example.com")),
        "must be for the issuer, and for nobody else");
  }

  @Test
  void no_audience() {
    refuses(claims -> claims.audience((String) null), "must be for the issuer");
  }

  @Test
  void another_issuer() {
    refuses(claims -> claims.issuer("c2"), "iss");
  }

  @Test
  void another_subject() {
    refuses(claims -> claims.subject("c2"), "sub");
  }

  @Test
  void no_end() {
    refuses(claims -> claims.expirationTime(null), "has expired, or says no exp");
  }

  @Test
  void one_that_has_expired() {
    refuses(claims -> claims.expirationTime(Date.from(clock.instant())), "has expired");
  }

  @Test
  void one_that_lives_for_five_minutes() {
    accepts(signer.assertion(claims -> claims.expirationTime(in(Duration.ofMinutes(5)))));
  }

  @Test
  void one_that_lives_too_long() {
    refuses(claims -> claims.expirationTime(in(Duration.ofSeconds(361))), "within 5 minutes");
  }

  @Test
  void one_from_a_clock_that_is_a_minute_ahead() {
    accepts(signer.assertion(claims -> claims.issueTime(in(Duration.ofSeconds(60)))));
  }

  @Test
  void one_from_the_future() {
    refuses(claims -> claims.issueTime(in(Duration.ofSeconds(61))), "of a time to come");
  }

  @Test
  void one_that_is_not_good_yet() {
    refuses(claims -> claims.notBeforeTime(in(Duration.ofSeconds(61))), "of a time to come");
  }

  @Test
  void no_jti() {
    refuses(claims -> claims.jwtID(null), "must have a jti");
  }

  @Test
  void a_jti_without_end() {
    refuses(claims -> claims.jwtID("x".repeat(257)), "must have a jti");
  }

  @Test
  void the_same_a_second_time() {
    var assertion = signer.assertion();
    accepts(assertion);
    refuses(assertion, "was used before");
  }

  @Test
  void the_same_a_second_time_at_another_replica() {
    var assertion = signer.assertion();
    accepts(assertion);
    assertions = assertions();
    refuses(assertion, "was used before");
  }

  @Test
  void the_same_jti_in_another_assertion() {
    accepts(signer.assertion(claims -> claims.jwtID("once")));
    refuses(claims -> claims.jwtID("once"), "was used before");
  }

  @Test
  void a_forged_one_does_not_use_up_the_jti() {
    refuses(
        signer.with(SigningClient.newKey()).assertion(claims -> claims.jwtID("once")),
        "was signed by no key");
    accepts(signer.assertion(claims -> claims.jwtID("once")));
  }

  @Test
  void a_signature_of_another_key_under_the_right_name() throws JOSEException {
    var forged = new ECKey.Builder(SigningClient.newKey()).keyID(signer.key().getKeyID()).build();
    refuses(signer.with(forged).assertion(), "was signed by no key of the client");
  }

  @Test
  void no_signature() {
    var claims = new JWTClaimsSet.Builder().issuer("c1").subject("c1").build();
    refuses(new PlainJWT(claims).serialize(), "is not a signed JWT");
  }

  @Test
  void a_mac_by_the_public_key() throws JOSEException {
    var jwt =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder().issuer("c1").subject("c1").build());
    jwt.sign(new MACSigner(signer.key().toPublicJWK().toJSONString()));
    refuses(jwt.serialize(), "must be signed under one of");
  }

  @Test
  void another_algorithm_than_the_one_that_was_registered() {
    var keys =
        ClientKeys.listed(
            PublicKeys.parse(SigningClient.jwks(signer.key()).toBuffer()), Optional.of("ES384"));
    assertThat(Futures.failed(prove(client(keys), signer.assertion())))
        .hasMessageContaining("must be signed under ES384");
  }

  @ParameterizedTest
  @ValueSource(strings = {"at+jwt", "dpop+jwt", "oauth-id-jag+jwt", "logout+jwt"})
  void a_token_of_another_type(String type) {
    refuses(
        signer.assertion(claims -> claims, header -> header.type(new JOSEObjectType(type))),
        "is a token of another type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"client-authentication+jwt", "JWT", "application/jwt"})
  void a_token_of_a_type_that_says_what_it_is(String type) {
    accepts(signer.assertion(claims -> claims, header -> header.type(new JOSEObjectType(type))));
  }

  @Test
  void a_key_that_the_assertion_brings_along() {
    var own = SigningClient.newKey();
    refuses(
        signer.with(own).assertion(claims -> claims, header -> header.jwk(own.toPublicJWK())),
        "has a header parameter that is refused");
  }

  @Test
  void a_url_of_keys_that_the_assertion_brings_along() {
    refuses(
        signer.assertion(
            claims -> claims, header -> header.jwkURL(URI.create("https://evil.example/k"))),
        "has a header parameter that is refused");
  }

  @Test
  void an_rsa_key() throws JOSEException {
    var rsa = new RSAKeyGenerator(2048).keyID("r").generate();
    var keys = ClientKeys.listed(PublicKeys.parse(Buffer.buffer(set(rsa))), Optional.empty());
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.PS256).keyID("r").build(),
            new JWTClaimsSet.Builder()
                .issuer("c1")
                .subject("c1")
                .audience(ISSUER.value())
                .jwtID("j")
                .expirationTime(in(Duration.ofMinutes(1)))
                .build());
    jwt.sign(new RSASSASigner(rsa));
    assertThat(Futures.done(prove(client(keys), jwt.serialize())).id()).isEqualTo("c1");
  }

  @Test
  void whoever_has_proven_itself_is_known_by_the_key_that_it_has_shown() {
    var both = client(listed(signer.key(), SigningClient.newKey()));
    var proven = Futures.done(prove(both, signer.assertion()));
    assertThat(proven.commitment().keys()).containsExactly(PublicKeys.thumbprint(signer.key()));
    assertThat(both.commitment().isKeptBy(proven)).isTrue();
  }

  @Test
  void a_key_that_was_added_later_keeps_no_commitment() {
    var before = known().commitment();
    var late = signer.with(SigningClient.newKey());
    var after = client(listed(signer.key(), late.key()));
    assertThat(before.isKeptBy(Futures.done(prove(after, late.assertion())))).isFalse();
    assertThat(before.isKeptBy(Futures.done(prove(after, signer.assertion())))).isTrue();
  }

  @Nested
  class Keys_that_are_published {
    private final URI url = host.url("/keys.json");
    private final Client publishing = client(ClientKeys.published(url, Optional.empty()));
    private long before;

    @BeforeEach
    void publish() {
      publish(signer.key());
      before = host.requests("/keys.json");
    }

    private void publish(ECKey... keys) {
      host.publish("/keys.json", SigningClient.jwks(keys), Map.of("Cache-Control", "max-age=600"));
    }

    private long requests() {
      return host.requests("/keys.json") - before;
    }

    @Test
    void are_fetched_once() {
      Futures.done(prove(publishing, signer.assertion()));
      Futures.done(prove(publishing, signer.assertion()));
      assertThat(requests()).isEqualTo(1);
    }

    @Test
    void a_new_key_is_looked_for_at_once_if_the_last_look_was_some_time_ago() {
      Futures.done(prove(publishing, signer.assertion()));
      var next = signer.with(SigningClient.newKey());
      publish(signer.key(), next.key());
      clock.forward(Duration.ofSeconds(30));
      assertThat(Futures.done(prove(publishing, next.assertion())).id()).isEqualTo("c1");
    }

    @Test
    void strange_keys_cause_one_look_in_half_a_minute() {
      Futures.done(prove(publishing, signer.assertion()));
      clock.forward(Duration.ofSeconds(30));
      for (var i = 0; i < 3; i++) {
        Futures.failed(prove(publishing, signer.with(SigningClient.newKey()).assertion()));
      }
      assertThat(requests()).isEqualTo(2);
    }

    @Test
    void are_good_for_a_while_longer_if_the_host_is_away() {
      Futures.done(prove(publishing, signer.assertion()));
      host.fail("/keys.json", 503);
      clock.forward(Duration.ofHours(1));
      assertThat(Futures.done(prove(publishing, signer.assertion())).id()).isEqualTo("c1");
    }

    @Test
    void a_key_that_is_withdrawn_signs_no_more_once_the_headers_say_so() {
      Futures.done(prove(publishing, signer.assertion()));
      publish(SigningClient.newKey());
      clock.forward(Duration.ofSeconds(601));
      assertThat(Futures.failed(prove(publishing, signer.assertion())))
          .hasMessageContaining("was signed by no key");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://127.0.0.1/keys.json",
          "https://localhost/keys.json",
          "https://[::1]/k.json"
        })
    void behind_our_own_door_are_not_fetched(String inside) {
      var thief = client(ClientKeys.published(URI.create(inside), Optional.empty()));
      var failure = Futures.failed(prove(thief, signer.assertion()));
      assertThat(((UnusableDocument) failure).fault()).isEqualTo("private-address");
    }

    @Test
    void must_be_a_set_of_public_keys() {
      host.publish(
          "/keys.json",
          new JsonObject(new com.nimbusds.jose.jwk.JWKSet(signer.key()).toString(false)));
      var failure = Futures.failed(prove(publishing, signer.assertion()));
      assertThat(((UnusableDocument) failure).fault()).isEqualTo("keys");
    }
  }

  private static String set(RSAKey key) {
    return new com.nimbusds.jose.jwk.JWKSet(key.toPublicJWK()).toString();
  }
}
