package dev.keyturn.grant;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.keyturn.client.Authentication;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientKeys;
import dev.keyturn.client.ClientName;
import dev.keyturn.client.Commitment;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SigningClient;
import dev.keyturn.http.Parameters;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.TokenSet;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What a client has become since its session began, when it refreshes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RefreshTokenGrantTest {
  private static final Client PUBLIC = client(Authentication.PUBLIC);
  private static final Client SIGNING = signing(SigningClient.newKey());
  private static final Client SIGNING_ANEW = signing(SigningClient.newKey());

  private final SettableClock clock = new SettableClock();
  private final GivenSessions given =
      new GivenSessions(new MemoryStore(clock, 1000), clock, Lifespans.DEFAULT);
  private final RefreshTokenGrant grant = new RefreshTokenGrant(given.tokens);

  private static Client client(Authentication authentication) {
    return new Client(
        CLIENT,
        Client.Kind.METADATA_DOCUMENT,
        new ClientName(""),
        List.of(),
        Set.of(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN),
        Optional.empty(),
        List.of(),
        authentication);
  }

  private static Client signing(ECKey key) {
    var keys = ClientKeys.listed(List.of(key.toPublicJWK()), Optional.empty());
    return client(Authentication.byKeys(keys, true));
  }

  /** The refresh token of a session that began with that commitment. */
  private String begun(Optional<Commitment> commitment) {
    var whole = given.authorization("openid mcp:read");
    var authorization =
        new Authorization(
                whole.sessionId(),
                CLIENT,
                whole.subject(),
                whole.scopes(),
                whole.resources(),
                whole.accounts(),
                whole.person())
            .by(commitment, Map.of());
    return refreshToken(
        given.tokens.begin(
            authorization, authorization.resources().get(0), Optional.empty(), true));
  }

  private String begunBy(Client client) {
    return begun(Optional.of(client.commitment()));
  }

  private Future<TokenSet> refresh(String token, Client client) {
    return grant.redeem(new TokenRequest(client, Parameters.parse("refresh_token=" + token)));
  }

  private static String refreshToken(Future<TokenSet> tokens) {
    return done(tokens).refreshToken().orElseThrow();
  }

  @Test
  void a_session_goes_on_by_the_method_that_it_began_with() {
    assertThat(refreshToken(refresh(begunBy(SIGNING), SIGNING))).isNotEmpty();
  }

  @Test
  void a_session_goes_on_when_the_client_has_replaced_its_key() {
    assertThat(refreshToken(refresh(begunBy(SIGNING), SIGNING_ANEW))).isNotEmpty();
  }

  @Test
  void a_session_of_which_no_method_was_noted_goes_on() {
    assertThat(refreshToken(refresh(begun(Optional.empty()), PUBLIC))).isNotEmpty();
  }

  @Test
  void a_session_of_a_client_that_signed_does_not_go_on_without_a_signature() {
    assertThat(failed(refresh(begunBy(SIGNING), PUBLIC)))
        .hasMessageContaining("the session began with another client authentication");
  }

  @Test
  void a_session_of_a_public_client_does_not_go_on_by_a_signature() {
    assertThat(failed(refresh(begunBy(PUBLIC), SIGNING)))
        .hasMessageContaining("the session began with another client authentication");
  }

  @Test
  void a_refusal_for_the_method_leaves_the_refresh_token_good() {
    var token = begunBy(SIGNING);
    failed(refresh(token, PUBLIC));
    assertThat(refreshToken(refresh(token, SIGNING))).isNotEmpty();
  }

  @Test
  void a_session_whose_standing_is_denied_does_not_go_on() {
    var denial = ErrorCode.INVALID_GRANT.because("it is over");
    var strict = new RefreshTokenGrant(given.tokens, session -> Future.failedFuture(denial));
    var request = Parameters.parse("refresh_token=" + begunBy(PUBLIC));
    assertThat(failed(strict.redeem(new TokenRequest(PUBLIC, request)))).isSameAs(denial);
  }
}
