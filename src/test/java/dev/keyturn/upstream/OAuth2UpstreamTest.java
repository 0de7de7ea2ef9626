package dev.keyturn.upstream;

import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.given.FakeOAuth2;
import dev.keyturn.given.Outcome;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OAuth2UpstreamTest {
  private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

  private Vertx vertx;
  private FakeOAuth2 provider;
  private String more;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    provider = FakeOAuth2.start(vertx);
    more = userinfo("");
  }

  @Test
  void a_numeric_id_beyond_a_double_keeps_every_digit() {
    assertThat(login().identity().account()).isEqualTo("9007199254740993");
  }

  @Test
  void the_sub_is_made_of_the_token_endpoint_and_the_field() {
    var issuer = provider.url("/login/oauth/access_token");
    assertThat(login().identity().subject())
        .isEqualTo(new Subject(issuer, "id", "9007199254740993").wire());
  }

  @Test
  void a_form_answer_is_read() {
    provider.tokenType = FORM;
    provider.token = "access_token=gho_2&scope=repo%2Cuser&token_type=bearer";
    assertThat(login().tokens())
        .returns("gho_2", UpstreamTokens::accessToken)
        .returns(Scopes.parse("repo user"), UpstreamTokens::scopes);
  }

  @Test
  void an_error_at_status_200_is_refused() {
    provider.token = "{\"error\":\"bad_verification_code\",\"access_token\":\"gho_1\"}";
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void an_error_at_status_200_in_a_form_is_refused() {
    provider.tokenType = FORM;
    provider.token = "error=bad_verification_code&error_description=no";
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_token_at_an_error_status_is_refused() {
    provider.tokenStatus = 400;
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void another_token_type_is_refused() {
    provider.token = "{\"access_token\":\"a\",\"token_type\":\"mac\"}";
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"id\":null}", "{\"id\":\"\"}", "{\"id\":1.5}", "{\"id\":{}}", "[]", "x"})
  void userinfo_without_a_subject_is_refused(String user) {
    provider.user = user;
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 302})
  void userinfo_that_says_no_is_refused(int status) {
    provider.userStatus = status;
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500})
  void userinfo_in_trouble_is_an_outage(int status) {
    provider.userStatus = status;
    assertThat(catchThrowableOfType(UnavailableException.class, this::login)).isNotNull();
  }

  @Test
  void userinfo_is_asked_as_configured() {
    more = userinfo(", http_method: POST, additional_headers: {X-Version: '7'}");
    login();
    assertThat(
            provider.userMethods.get(0)
                + provider.userHeaders.get(0).get("X-Version")
                + provider.userHeaders.get(0).get("Authorization"))
        .isEqualTo("POST7Bearer gho_1");
  }

  @Test
  void the_first_field_that_is_there_names_the_person() {
    provider.user = "{\"login\":\"alice\",\"mail\":\"a@b.c\"}";
    assertThat(login().identity())
        .returns("alice", Identity::account)
        .returns(Optional.of("a@b.c"), Identity::email)
        .returns(false, Identity::emailVerified);
  }

  @Test
  void the_token_answer_can_name_the_person() {
    more =
        ", identity_from_token: {subject_path: authed_user.id, name_path: team.0}, "
            + more.substring(2);
    provider.token =
        "{\"access_token\":\"a\",\"authed_user\":{\"id\":18446744073709551616},\"team\":[\"T\"]}";
    assertThat(login().identity())
        .returns("18446744073709551616", Identity::account)
        .returns(Optional.of("T"), Identity::name);
  }

  @Test
  void a_token_answer_that_names_nobody_is_refused_without_asking_userinfo() {
    more = ", identity_from_token: {subject_path: nothing}, " + more.substring(2);
    refusal();
    assertThat(provider.userMethods).isEmpty();
  }

  @Test
  void without_any_identity_the_token_names_somebody_new() {
    more = "";
    assertThat(login().identity())
        .returns("tk-0bd486c16ecd776e29e377fc19d58f7e", Identity::account)
        .returns(Optional.empty(), Identity::name);
  }

  @Test
  void tokens_can_be_elsewhere_in_the_answer() {
    more =
        ", token_response_mapping: {access_token_path: authed_user.access_token,"
            + " scope_path: authed_user.scope}, "
            + more.substring(2);
    provider.token =
        "{\"ok\":true,\"token_type\":\"user\",\"authed_user\":{\"access_token\":\"xoxp\",\"scope\":\"a,b\"}}";
    assertThat(login().tokens())
        .returns("xoxp", UpstreamTokens::accessToken)
        .returns(Scopes.parse("a b"), UpstreamTokens::scopes);
  }

  @Test
  void a_refresh_keeps_the_old_refresh_token() {
    provider.token = "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"scope\":\"x\"}";
    var upstream = deploy();
    var before = Outcome.of(upstream.finish(answer(upstream, "c")));
    provider.token = "{\"access_token\":\"b\"}";
    assertThat(GivenUpstream.refreshed(upstream, before))
        .isEqualTo(
            new UpstreamTokens(
                "b", Optional.of("r"), Optional.empty(), Optional.empty(), Scopes.parse("x")));
  }

  @ParameterizedTest
  @CsvSource({"bad_refresh_token,true", "incorrect_client_credentials,false"})
  void a_refresh_tells_a_definite_no_from_a_fault(String error, boolean definite) {
    provider.token = "{\"access_token\":\"a\",\"refresh_token\":\"r\"}";
    var upstream = deploy();
    var before = Outcome.of(upstream.finish(answer(upstream, "c")));
    provider.token = "{\"error\":\"" + error + "\"}";
    assertThat(
            catchThrowableOfType(
                RuntimeException.class, () -> GivenUpstream.refreshed(upstream, before)))
        .isInstanceOf(definite ? OAuthException.class : UnavailableException.class);
  }

  @Test
  void a_login_can_begin_at_once() {
    assertThat(Outcome.of(deploy().begin(request())).location().toString())
        .startsWith(provider.url("/login/oauth/authorize?"))
        .contains("code_challenge_method=S256");
  }

  @Test
  void a_login_cannot_be_silent() {
    assertThat(GivenUpstream.oauth2(provider, "").mayBeSilent()).isFalse();
  }

  private UpstreamLogin login() {
    var upstream = deploy();
    return Outcome.of(upstream.finish(answer(upstream, "c")));
  }

  private ErrorCode refusal() {
    return catchThrowableOfType(OAuthException.class, this::login).error().code();
  }

  private UpstreamOverBus deploy() {
    return GivenUpstream.deploy(vertx, GivenUpstream.oauth2(provider, more), new MovedClock());
  }

  private String userinfo(String fields) {
    return ", userinfo: {endpoint_url: '"
        + provider.url("/user")
        + "', field_mapping: {subject_fields: [id, login], email_fields: [mail]}"
        + fields
        + "}";
  }
}
