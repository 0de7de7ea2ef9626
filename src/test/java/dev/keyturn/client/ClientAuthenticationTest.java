package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT;
import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.client.Authentication.Method;
import dev.keyturn.client.UnusableDocument.Fault;
import dev.keyturn.crypto.Digest;
import dev.keyturn.given.Form;
import dev.keyturn.given.Futures;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SigningClient;
import dev.keyturn.http.FetchFailure;
import dev.keyturn.http.FetchFailure.Reason;
import dev.keyturn.http.FetchRules;
import dev.keyturn.http.GivenRequest;
import dev.keyturn.http.GuardedFetch;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Request;
import dev.keyturn.http.Throttle;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6749, section 2.3. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientAuthenticationTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Issuer ISSUER = new Issuer("https://as.example.com");
  private static final String SECRET = "s".repeat(43);
  private static final URI ELSEWHERE = URI.create("https://client.example/c.json");
  private static final Request PLAIN = GivenRequest.with(Map.of());
  private static final Request BASIC = basic(SECRET);

  private final SettableClock clock = new SettableClock();
  private final SigningClient signer = SigningClient.of("c1", ISSUER.value(), clock);

  @AfterAll
  static void stop() {
    Futures.done(VERTX.close());
  }

  private static Request basic(String secret) {
    var pair = ("c1:" + secret).getBytes(StandardCharsets.UTF_8);
    return GivenRequest.with(
        Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair)));
  }

  private static Client client(Authentication authentication) {
    return new Client(
        "c1",
        Client.Kind.PRE_REGISTERED,
        new ClientName("c"),
        List.of(),
        Set.of(),
        Optional.empty(),
        List.of(),
        authentication);
  }

  private static Client bySecret(Method method) {
    return client(new Authentication(method, List.of(Digest.of(SECRET)), true));
  }

  private Client byKey() {
    var keys = PublicKeys.parse(SigningClient.jwks(signer.key()).toBuffer());
    return client(Authentication.byKeys(ClientKeys.listed(keys, Optional.empty()), true));
  }

  private static ClientAuthentication knowing(Client client) {
    return new ClientAuthentication(
        id -> Future.succeededFuture(Optional.of(client).filter(known -> known.id().equals(id))));
  }

  private static ClientAuthentication failing(Throwable cause) {
    return new ClientAuthentication(id -> Future.failedFuture(cause));
  }

  private ClientAssertions assertions() {
    var fetch = new GuardedFetch(VERTX, FetchRules.PUBLIC, clock);
    var published = new PublishedKeys(fetch, Duration.ofMinutes(5), clock);
    return new ClientAssertions(ISSUER, published, new MemoryStore(clock, 100), VERTX, clock);
  }

  private static Parameters form(String... members) {
    return Parameters.parse(Form.of(members).encoded());
  }

  private static Parameters named() {
    return form("client_id", "c1");
  }

  private static Parameters withSecret(String secret) {
    return form("client_id", "c1", "client_secret", secret);
  }

  private Parameters signed() {
    return form(
        "client_assertion_type", SigningClient.TYPE, "client_assertion", signer.assertion());
  }

  private static void refuses(
      ClientAuthentication authentication, Request request, Parameters form, String because) {
    assertThat(failed(authentication.authenticate(request, form)))
        .hasMessage("invalid_client: " + because);
  }

  /** A client that is gone, but whose sessions may go on. */
  private static ClientAuthentication knowingForSessions(Client client) {
    return new ClientAuthentication(
        new Clients() {
          @Override
          public Future<Optional<Client>> find(String id) {
            return Future.succeededFuture(Optional.empty());
          }

          @Override
          public Future<Optional<Client>> findAgain(String id, Method method, String address) {
            return Future.succeededFuture(Optional.of(client));
          }
        });
  }

  @Test
  void a_client_that_is_gone_goes_on_with_its_sessions() {
    var client = client(Authentication.PUBLIC);
    var form = form("client_id", "c1", "grant_type", "refresh_token");
    assertThat(done(knowingForSessions(client).authenticate(PLAIN, form))).isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization_code", "client_credentials", ""})
  void a_client_that_is_gone_begins_nothing(String grant) {
    refuses(
        knowingForSessions(client(Authentication.PUBLIC)),
        PLAIN,
        form("client_id", "c1", "grant_type", grant),
        "the client is not known here");
  }

  @Nested
  class Lets_in {
    @Test
    void a_public_client_by_its_name() {
      var known = client(Authentication.PUBLIC);
      assertThat(done(knowing(known).authenticate(PLAIN, named()))).isEqualTo(known);
    }

    @Test
    void by_a_secret_in_the_form() {
      var known = bySecret(Method.CLIENT_SECRET_POST);
      assertThat(done(knowing(known).authenticate(PLAIN, withSecret(SECRET)))).isEqualTo(known);
    }

    @Test
    void by_a_secret_in_the_header() {
      var known = bySecret(Method.CLIENT_SECRET_BASIC);
      assertThat(done(knowing(known).authenticate(BASIC, form()))).isEqualTo(known);
    }

    @Test
    void by_an_assertion() {
      var known = byKey();
      var signing =
          new ClientAuthentication(id -> Future.succeededFuture(Optional.of(known)), assertions());
      assertThat(done(signing.authenticate(PLAIN, signed()))).isEqualTo(known);
    }
  }

  @Nested
  class Refuses {
    @Test
    void whom_nobody_knows() {
      refuses(
          knowing(client(Authentication.PUBLIC)),
          PLAIN,
          form("client_id", "c2"),
          "the client is not known here");
    }

    @ParameterizedTest
    @EnumSource(
        value = Method.class,
        names = {"CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"})
    void a_client_that_does_not_say_its_secret(Method method) {
      refuses(
          knowing(bySecret(method)),
          PLAIN,
          named(),
          "this client authenticates by " + method.wire());
    }

    @Test
    void a_client_that_does_not_sign() {
      refuses(knowing(byKey()), PLAIN, named(), "this client authenticates by private_key_jwt");
    }

    @Test
    void the_right_secret_at_the_wrong_place() {
      refuses(
          knowing(bySecret(Method.CLIENT_SECRET_BASIC)),
          PLAIN,
          withSecret(SECRET),
          "this client authenticates by client_secret_basic");
    }

    @Test
    void a_secret_that_nobody_asked_for() {
      refuses(
          knowing(client(Authentication.PUBLIC)),
          PLAIN,
          withSecret(SECRET),
          "this client authenticates by none: send only client_id");
    }

    @Test
    void another_secret_in_the_form() {
      refuses(
          knowing(bySecret(Method.CLIENT_SECRET_POST)),
          PLAIN,
          withSecret("x".repeat(43)),
          "the secret is not the client's");
    }

    @Test
    void another_secret_in_the_header() {
      refuses(
          knowing(bySecret(Method.CLIENT_SECRET_BASIC)),
          basic("x".repeat(43)),
          form(),
          "the secret is not the client's");
    }

    @Test
    void an_assertion_where_no_client_signs() {
      refuses(knowing(byKey()), PLAIN, signed(), "client_assertion is not supported");
    }
  }

  @Test
  void a_failure_is_told_to_whoever_watches() {
    var told = new ArrayList<String>();
    var watched =
        knowing(bySecret(Method.CLIENT_SECRET_BASIC))
            .watchedBy(
                new AuthenticationGuard(
                    Throttle.NONE,
                    Throttle.NONE,
                    (kind, details) -> told.add(kind.wire() + " " + details.get("address"))));
    failed(watched.authenticate(basic("x".repeat(43)), form()));
    assertThat(told).containsExactly(Kind.CLIENT_REFUSED.wire() + " " + GivenRequest.ADDRESS);
  }

  @Nested
  class A_document_that_cannot_be_had {
    @ParameterizedTest
    @CsvSource({"TIMEOUT, timeout", "UNREACHABLE, unreachable", "STATUS, status", "BUSY, busy"})
    void for_the_moment_does_not_refuse_the_client(Reason reason, String fault) {
      var cause = UnusableDocument.of(ELSEWHERE, new FetchFailure(ELSEWHERE, reason));
      assertThat(failed(failing(cause).authenticate(PLAIN, named())))
          .isInstanceOf(UnavailableException.class)
          .hasMessage("client.example: " + fault);
    }

    @Test
    void for_the_moment_is_to_be_asked_for_in_a_minute() {
      var cause = UnusableDocument.of(ELSEWHERE, new FetchFailure(ELSEWHERE, Reason.TIMEOUT));
      var failure = (UnavailableException) failed(failing(cause).authenticate(PLAIN, named()));
      assertThat(failure.retryAfter()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({"GONE, gone", "NOT_JSON, not-json", "DENIED, denied", "TOO_LARGE, too-large"})
    void at_all_refuses_the_client(Reason reason, String fault) {
      var cause = UnusableDocument.of(ELSEWHERE, new FetchFailure(ELSEWHERE, reason));
      refuses(
          failing(cause),
          PLAIN,
          named(),
          "what the client publishes at client.example cannot be used: " + fault);
    }

    @ParameterizedTest
    @CsvSource({"NO_OBJECT, no-object", "OTHER_CLIENT, other-client", "KEYS, keys"})
    void as_such_refuses_the_client(Fault fault, String name) {
      refuses(
          failing(new UnusableDocument(ELSEWHERE, fault)),
          PLAIN,
          named(),
          "what the client publishes at client.example cannot be used: " + name);
    }
  }

  @Test
  void an_outage_of_ours_stays_what_it_is() {
    var outage = new UnavailableException("the store is away", Duration.ofSeconds(1));
    assertThat(failed(failing(outage).authenticate(PLAIN, named()))).isSameAs(outage);
  }

  @Nested
  class A_challenge {
    private final OAuthException refusal = INVALID_CLIENT.because("no");

    @Test
    void is_for_a_client_that_tried_the_header() {
      assertThat(done(ClientAuthentication.challenge(BASIC, refusal)).headers())
          .contains(Map.entry("WWW-Authenticate", "Basic realm=\"token\""));
    }

    @Test
    void says_what_the_refusal_says() {
      var reply = done(ClientAuthentication.challenge(BASIC, refusal));
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.body().toJsonObject().getMap())
          .isEqualTo(Map.of("error", "invalid_client", "error_description", "no"));
    }

    @Test
    void is_not_for_a_client_that_did_not() {
      assertThat(failed(ClientAuthentication.challenge(PLAIN, refusal))).isSameAs(refusal);
    }

    @Test
    void is_not_for_another_refusal() {
      var other = INVALID_GRANT.because("no");
      assertThat(failed(ClientAuthentication.challenge(BASIC, other))).isSameAs(other);
    }

    @Test
    void is_not_for_an_outage() {
      var outage = new UnavailableException("the store is away", Duration.ofSeconds(1));
      assertThat(failed(ClientAuthentication.challenge(BASIC, outage))).isSameAs(outage);
    }
  }
}
