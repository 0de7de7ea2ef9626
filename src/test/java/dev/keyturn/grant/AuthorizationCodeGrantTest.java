package dev.keyturn.grant;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.REDIRECT_URI;
import static dev.keyturn.given.GivenSessions.VERIFIER;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.keyturn.client.Authentication;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientKeys;
import dev.keyturn.client.ClientName;
import dev.keyturn.client.Commitment;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SigningClient;
import dev.keyturn.http.Parameters;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.TokenSet;
import io.vertx.core.Future;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client has become since a person was asked for it, when it brings the code. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AuthorizationCodeGrantTest {
  private static final String ELSEWHERE = "https://elsewhere.example/callback";
  private static final ECKey KEY = SigningClient.newKey();
  private static final ECKey OTHER_KEY = SigningClient.newKey();

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 1000));
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private final AuthorizationCodeGrant grant =
      new AuthorizationCodeGrant(given.codes, given.tokens, given.sessions, given.audit);

  private static Client client(Client.Kind kind, Authentication authentication, String uri) {
    return new Client(
        CLIENT,
        kind,
        new ClientName(""),
        List.of(new RedirectUri(uri)),
        Set.of(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN),
        Optional.empty(),
        List.of(),
        authentication);
  }

  private static Client document(Authentication authentication) {
    return client(Client.Kind.METADATA_DOCUMENT, authentication, REDIRECT_URI);
  }

  private static Client open(Client.Kind kind, String uri) {
    return client(kind, Authentication.PUBLIC, uri);
  }

  private static Client signing(ECKey... keys) {
    var shown = Stream.of(keys).map(ECKey::toPublicJWK).toList();
    return document(
        Authentication.byKeys(ClientKeys.listed(List.copyOf(shown), Optional.empty()), true));
  }

  private static Client publishing(String url) {
    return document(
        Authentication.byKeys(ClientKeys.published(URI.create(url), Optional.empty()), true));
  }

  private String code(Optional<Commitment> commitment) {
    var whole = given.authorization("openid mcp:read");
    return done(
        given.codes.issue(
            GivenSessions.code(
                new Authorization(
                        whole.sessionId(),
                        CLIENT,
                        whole.subject(),
                        whole.scopes(),
                        whole.resources(),
                        whole.accounts(),
                        whole.person())
                    .by(commitment, Map.of()))));
  }

  /** A code that a person approved while the client was that. */
  private String codeFor(Client asked) {
    return code(Optional.of(asked.commitment()));
  }

  private Future<TokenSet> redeem(String code, Client client) {
    return grant.redeem(
        new TokenRequest(client, Parameters.parse("code=" + code + "&code_verifier=" + VERIFIER)));
  }

  private void grants(String code, Client client) {
    assertThat(done(redeem(code, client)).accessToken()).isNotEmpty();
  }

  private void refuses(String code, Client client, String complaint) {
    assertThat(failed(redeem(code, client))).hasMessageContaining(complaint);
  }

  @Nested
  class A_redirect_uri {
    private final String code = code(Optional.empty());

    @Test
    void that_the_document_still_names_is_good() {
      grants(code, open(Client.Kind.METADATA_DOCUMENT, REDIRECT_URI));
    }

    @Test
    void that_the_document_names_no_more_is_refused() {
      refuses(
          code,
          open(Client.Kind.METADATA_DOCUMENT, ELSEWHERE),
          "redirect_uri is none of the client's any more");
    }

    @Test
    void that_the_document_names_no_more_does_not_spend_the_code() {
      failed(redeem(code, open(Client.Kind.METADATA_DOCUMENT, ELSEWHERE)));
      grants(code, open(Client.Kind.METADATA_DOCUMENT, REDIRECT_URI));
    }

    @ParameterizedTest
    @EnumSource(names = {"PRE_REGISTERED", "REGISTERED"})
    void is_not_looked_at_again_where_there_is_no_document(Client.Kind kind) {
      grants(code, open(kind, ELSEWHERE));
    }
  }

  @Nested
  class A_commitment {
    private static final String COMPLAINT = "the client authenticates otherwise than when it asked";

    @Test
    void to_no_authentication_is_kept_by_a_public_client() {
      var client = document(Authentication.PUBLIC);
      grants(codeFor(client), client);
    }

    @Test
    void to_a_key_is_kept_by_that_key() {
      grants(codeFor(signing(KEY)), signing(KEY));
    }

    @Test
    void to_two_keys_is_kept_by_one_of_them() {
      grants(codeFor(signing(KEY, OTHER_KEY)), signing(OTHER_KEY));
    }

    @Test
    void to_a_url_of_keys_is_kept_by_that_url() {
      var client = publishing("https://client.example/jwks");
      grants(codeFor(client), client);
    }

    @Test
    void to_a_key_is_not_kept_by_another_key() {
      refuses(codeFor(signing(KEY)), signing(OTHER_KEY), COMPLAINT);
    }

    @Test
    void to_a_url_of_keys_is_not_kept_by_another_url() {
      refuses(
          codeFor(publishing("https://client.example/jwks")),
          publishing("https://evil.example/jwks"),
          COMPLAINT);
    }

    @Test
    void to_a_key_is_not_kept_by_a_client_that_became_public() {
      refuses(codeFor(signing(KEY)), document(Authentication.PUBLIC), COMPLAINT);
    }

    @Test
    void to_no_authentication_is_not_kept_by_a_client_that_signs_now() {
      refuses(codeFor(document(Authentication.PUBLIC)), signing(KEY), COMPLAINT);
    }

    @Test
    void that_is_not_kept_does_not_spend_the_code() {
      var code = codeFor(signing(KEY));
      failed(redeem(code, signing(OTHER_KEY)));
      grants(code, signing(KEY));
    }
  }

  @Test
  void a_code_that_another_spends_after_it_was_found_is_refused() {
    var client = document(Authentication.PUBLIC);
    var code = codeFor(client);
    store.hold();
    redeem(code, client);
    var late = redeem(code, client);
    while (store.waiting() > 0) {
      store.step(0);
    }
    assertThat(failed(late)).hasMessageContaining("the code is not valid or was used");
  }
}
