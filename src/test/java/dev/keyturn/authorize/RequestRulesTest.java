package dev.keyturn.authorize;

import static dev.keyturn.authorize.GivenRequest.CHALLENGE;
import static dev.keyturn.authorize.GivenRequest.RESOURCE;
import static dev.keyturn.authorize.GivenRequest.address;
import static dev.keyturn.authorize.GivenRequest.preRegistered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.client.Authentication;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientName;
import dev.keyturn.given.SettableClock;
import dev.keyturn.http.Parameters;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.PkceChallenge;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RequestRulesTest {
  private static final String GOOD =
      "client_id=c1&response_type=code&code_challenge_method=S256&code_challenge=" + CHALLENGE;
  private static final Client CLIENT = preRegistered("https://a.example/cb");

  private final SettableClock clock = new SettableClock();

  private AuthorizationRequest check(String query, Client client, boolean openId) {
    var offer =
        new Offer(
            Scopes.parse("openid"),
            List.of(new ResourceIndicator(RESOURCE)),
            Map.of(),
            Optional.empty());
    return new RequestRules(offer, openId, clock)
        .check(client, address(client, "s"), Parameters.parse(query));
  }

  private AuthorizationRequest check(String query) {
    return check(query, CLIENT, true);
  }

  private void refuses(String query, boolean openId, String code, String sentence) {
    assertThatThrownBy(() -> check(query, CLIENT, openId))
        .isInstanceOfSatisfying(
            OAuthException.class,
            refusal -> {
              assertThat(refusal.error().code())
                  .isEqualTo(ErrorCode.valueOf(code.toUpperCase(Locale.ROOT)));
              assertThat(refusal.error().description()).isEqualTo(sentence);
            });
  }

  @Test
  void a_good_request_holds_what_was_asked_for() {
    var request = check(GOOD + "&scope=openid&resource=" + RESOURCE + "&nonce=n");
    assertThat(request.scopes()).isEqualTo(Scopes.parse("openid"));
    assertThat(request.resources()).containsExactly(RESOURCE);
    assertThat(request.nonce()).contains("n");
    assertThat(request.challenge()).contains(new PkceChallenge(CHALLENGE));
    assertThat(request.receivedAt()).isEqualTo(clock.instant());
    assertThat(request.forwarded()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "request=x|request_not_supported|request objects are not supported",
        "request_uri=urn:x|request_uri_not_supported|request_uri is not supported",
        "response_mode=fragment|invalid_request|response_mode must be query",
        "response_mode=form_post|invalid_request|response_mode must be query",
        "scope=nope|invalid_scope|scope nope is not supported",
        "scope=%22|invalid_scope|scope holds a character that RFC 6749 does not allow",
        "resource=https://evil.example|invalid_target|resource is not served here",
        "resource=x|invalid_target|resource must be an absolute URI without a fragment",
        "max_age=-1|invalid_request|max_age must be a number of seconds",
        "max_age=1.5|invalid_request|max_age must be a number of seconds",
        "max_age=1234567890|invalid_request|max_age must be a number of seconds",
        "prompt=none+login|invalid_request|prompt none stands alone",
        "state=a&state=b|invalid_request|parameter state is repeated",
        "response_type=code|invalid_request|parameter response_type is repeated",
        "client_id=c1|invalid_request|parameter client_id is repeated",
        "x=1&x=2|invalid_request|parameter x is repeated"
      })
  void refuses_a_request_that_also_says(String more, String code, String sentence) {
    refuses(GOOD + "&" + more, true, code, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "response_type=code|response_type=token|unsupported_response_type|response_type must be"
            + " code",
        "response_type=code|response_type=code+id_token|unsupported_response_type|response_type"
            + " must be code",
        "response_type=code|a=b|invalid_request|response_type is missing",
        "code_challenge_method=S256|a=b|invalid_request|code_challenge_method must be S256",
        "code_challenge_method=S256|code_challenge_method=plain|invalid_request|code_challenge_method"
            + " must be S256",
        "code_challenge_method=S256|code_challenge_method=s256|invalid_request|code_challenge_method"
            + " must be S256",
        "code_challenge=E|code_challenge=|invalid_request|code_challenge must be 43 characters of"
            + " base64url",
        "code_challenge=E|code_challenge=EE|invalid_request|code_challenge must be 43 characters of"
            + " base64url",
        "code_challenge=E|code_challenge=%2B|invalid_request|code_challenge must be 43 characters"
            + " of base64url",
        "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM|a=b|invalid_request|code_challenge"
            + " is missing: PKCE is required"
      })
  void refuses_a_request_that_says_instead(String good, String bad, String code, String sentence) {
    refuses(GOOD.replace(good, bad), true, code, sentence);
  }

  @Test
  void without_open_id_at_the_provider_nobody_can_be_logged_in_silently() {
    refuses(GOOD + "&prompt=none", false, "login_required", "the person must log in");
  }

  @Test
  void without_open_id_at_the_provider_nobody_knows_how_old_a_login_is() {
    refuses(
        GOOD + "&max_age=60",
        false,
        "login_required",
        "the provider does not say when somebody logged in");
  }

  /** OAuth 2.1, section 4.1.1: the one exception. */
  @Nested
  class A_client_with_a_secret_for_which_pkce_is_optional {
    private static final String WITHOUT = "client_id=c1&response_type=code";

    private final Client client =
        new Client(
            "c1",
            Client.Kind.PRE_REGISTERED,
            new ClientName(""),
            CLIENT.redirectUris(),
            Set.of(Client.AUTHORIZATION_CODE),
            Optional.empty(),
            List.of(),
            new Authentication(Authentication.Method.CLIENT_SECRET_POST, List.of("hash"), false));

    private void refuses(String query, String sentence) {
      assertThatThrownBy(() -> check(query, client, true))
          .hasMessage("invalid_request: " + sentence);
    }

    @Test
    void may_leave_it_out_with_a_nonce_and_openid() {
      assertThat(check(WITHOUT + "&nonce=n&scope=openid", client, true).challenge()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "&nonce=n", "&scope=openid", "&nonce=&scope=openid", "&nonce=n&scope="})
    void must_send_both_then(String more) {
      refuses(WITHOUT + more, "without a code_challenge, nonce and the scope openid are required");
    }

    @Test
    void must_be_granted_openid_then() {
      refuses(
          WITHOUT + "&nonce=n&scope=offline_access",
          "without a code_challenge, nonce and the scope openid are required");
    }

    @Test
    void may_send_a_challenge() {
      assertThat(check(GOOD, client, true).challenge()).contains(new PkceChallenge(CHALLENGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "s256"})
    void must_send_a_good_challenge(String method) {
      refuses(
          GOOD.replace("S256", method) + "&nonce=n&scope=openid",
          "code_challenge_method must be S256");
    }

    @Test
    void must_not_lose_its_challenge_on_the_way() {
      refuses(
          WITHOUT + "&nonce=n&scope=openid&code_challenge_method=S256",
          "code_challenge is missing: PKCE is required");
    }
  }

  @Test
  void refuses_a_client_without_the_code_grant() {
    var other =
        new Client(
            "c1",
            Client.Kind.PRE_REGISTERED,
            new ClientName(""),
            CLIENT.redirectUris(),
            Set.of(Client.REFRESH_TOKEN),
            Optional.empty(),
            List.of());
    assertThatThrownBy(() -> check(GOOD, other, true))
        .isInstanceOfSatisfying(
            OAuthException.class,
            refusal -> assertThat(refusal.error().code()).isEqualTo(ErrorCode.UNAUTHORIZED_CLIENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "nonce", "login_hint", "ui_locales", "prompt"})
  void what_is_kept_or_forwarded_is_bounded(String name) {
    assertThat(check(GOOD + "&" + name + "=" + "x".repeat(2048))).isNotNull();
    refuses(
        GOOD + "&" + name + "=" + "x".repeat(2049),
        true,
        "invalid_request",
        name + " is longer than 2048 characters");
  }

  @ParameterizedTest
  @CsvSource({
    "login, login",
    "select_account, select_account",
    "none, none",
    "consent, ''",
    "consent+login, login",
    "login+select_account, login select_account",
    "login++login, login",
    "create, ''",
    "'', ''",
    "+, ''"
  })
  void a_prompt_goes_upstream_as_far_as_it_is_the_providers(String prompt, String forwarded) {
    assertThat(check(GOOD + "&prompt=" + prompt).forwarded().getOrDefault("prompt", ""))
        .isEqualTo(forwarded);
  }

  @Test
  void hints_go_upstream() {
    assertThat(check(GOOD + "&login_hint=a%40b&ui_locales=de+en&max_age=60").forwarded())
        .isEqualTo(Map.of("login_hint", "a@b", "ui_locales", "de en", "max_age", "60"));
  }

  @Test
  void a_max_age_of_zero_is_one() {
    assertThat(check(GOOD + "&max_age=0").maxAge()).contains(0L);
  }

  @Test
  void neither_resource_nor_anything_unknown_goes_upstream() {
    assertThat(
            check(GOOD + "&resource=" + RESOURCE + "&acr_values=x&hd=y&id_token_hint=z")
                .forwarded())
        .isEmpty();
  }

  @Test
  void a_response_mode_of_query_is_fine() {
    assertThat(check(GOOD + "&response_mode=query")).isNotNull();
  }

  @Test
  void a_request_comes_back_whole_from_json() {
    var request = check(GOOD + "&scope=openid&nonce=n&login_hint=a&max_age=60");
    assertThat(AuthorizationRequest.fromJson(request.toJson())).isEqualTo(request);
    var more = request.pushedAs("key").forSubject("u_alice");
    assertThat(AuthorizationRequest.fromJson(more.toJson())).isEqualTo(more);
    assertThat(more.pushed()).contains("key");
  }
}
