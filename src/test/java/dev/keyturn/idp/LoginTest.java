package dev.keyturn.idp;

import static dev.keyturn.idp.Visitor.request;
import static dev.keyturn.idp.Visitor.requestId;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LoginTest {
  private GivenProvider given;
  private Visitor visitor;

  @BeforeEach
  void start() {
    given = new GivenProvider();
    visitor = given.visitor;
  }

  @AfterEach
  void stop() {
    given.stop();
  }

  @Test
  void shows_a_form_with_user_name_and_password() {
    assertThat(visitor.authorize(request()).body())
        .contains("<form method=\"post\" action=\"/login\">")
        .contains("<label for=\"username\">", "name=\"username\"")
        .contains("<label for=\"password\">", "name=\"password\"")
        .doesNotContain("<script");
  }

  @Test
  void shows_the_sample_login_as_a_hint_only() {
    assertThat(visitor.authorize(request()).body())
        .contains("<code>ada</code>", "<code>lovelace</code>")
        .doesNotContain("value=\"ada\"");
  }

  @Test
  void a_page_allows_nothing_but_its_own_stylesheet() {
    assertThat(visitor.authorize(request()).headers().get("Content-Security-Policy"))
        .isEqualTo("default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'");
  }

  @Test
  void a_page_is_not_stored() {
    assertThat(visitor.authorize(request()).headers().get("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void the_stylesheet_is_served() {
    assertThat(visitor.get("/idp.css").headers().get("Content-Type")).isEqualTo("text/css");
  }

  @Test
  void goes_back_with_code_state_and_issuer() {
    var answer = visitor.logIn(visitor.authorize(request()), "ada", "lovelace");

    assertThat(answer.location()).startsWith(Visitor.REDIRECT_URI + "?code=");
    assertThat(answer.redirected())
        .containsEntry("state", "a state&more")
        .containsEntry("iss", given.issuer.toString());
  }

  @ParameterizedTest
  @CsvSource({"ada,wrong", "nobody,lovelace", "'',''", "ada,''"})
  void asks_again_after_a_wrong_login(String username, String password) {
    var page = visitor.logIn(visitor.authorize(request()), username, password);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("role=\"alert\"");
  }

  @Test
  void a_wrong_password_can_be_corrected() {
    var page = visitor.logIn(visitor.authorize(request()), "ada", "wrong");

    assertThat(visitor.logIn(page, "ada", "lovelace").redirected()).containsKey("code");
  }

  @Test
  void the_fifth_wrong_password_ends_the_login() {
    var page = visitor.authorize(request());
    for (var i = 0; i < 4; i++) {
      page = visitor.logIn(page, "ada", "wrong");
    }

    assertThat(visitor.logIn(page, "ada", "wrong").redirected())
        .containsEntry("error", "access_denied");
  }

  @Test
  void escapes_what_was_typed() {
    var page = visitor.logIn(visitor.authorize(request()), "\"><b>'&", "x");

    assertThat(page.body()).contains("value=\"&quot;&gt;&lt;b&gt;&#39;&amp;\"");
  }

  @Test
  void escapes_the_client_id() {
    given.provider.register(new RelyingParty("<i>", "x", GivenProvider.CLIENT.redirectUris()));

    assertThat(visitor.authorize(request("client_id", "<i>")).body())
        .contains("&lt;i&gt;")
        .doesNotContain("<i>");
  }

  @Test
  void a_login_works_once() {
    var page = visitor.authorize(request());
    visitor.logIn(page, "ada", "lovelace");

    assertThat(visitor.logIn(page, "ada", "lovelace").status()).isEqualTo(400);
  }

  @Test
  void a_login_ends_after_ten_minutes() {
    var page = visitor.authorize(request());
    given.wait(Duration.ofMinutes(10));

    assertThat(visitor.logIn(page, "ada", "lovelace").status()).isEqualTo(400);
  }

  @Test
  void cancelling_denies_access() {
    var id = requestId(visitor.authorize(request()));

    assertThat(visitor.post("/cancel", Map.of("request", id)).redirected())
        .containsEntry("error", "access_denied");
  }

  @Test
  void hands_over_by_a_form_when_form_post_is_asked() {
    var page = visitor.authorize(request("response_mode", "form_post"));

    assertThat(visitor.logIn(page, "ada", "lovelace").body())
        .contains("action=\"" + Visitor.REDIRECT_URI + "\"")
        .contains("name=\"code\"", "value=\"a state&amp;more\"", "name=\"iss\"")
        .contains("Continue</button>");
  }

  @ParameterizedTest
  @CsvSource({
    "response_type,token,unsupported_response_type",
    "response_type,'',invalid_request",
    "code_challenge,'',invalid_request",
    "code_challenge,short,invalid_request",
    "code_challenge_method,plain,invalid_request",
    "code_challenge_method,'',invalid_request",
    "scope,email,invalid_scope",
    "scope,openidx,invalid_scope",
    "response_mode,fragment,invalid_request",
    "prompt,none,login_required",
    "request,x,request_not_supported",
    "request_uri,x,request_uri_not_supported"
  })
  void sends_a_wrong_request_back(String name, String value, String error) {
    assertThat(visitor.authorize(request(name, value)).redirected())
        .containsEntry("error", error)
        .containsEntry("state", "a state&more")
        .containsEntry("iss", given.issuer.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/oauth/callback/",
        "http://127.0.0.1:8081/oauth/callback",
        "https://evil.example/",
        ""
      })
  void never_redirects_to_a_foreign_address(String redirectUri) {
    var answer = visitor.authorize(request("redirect_uri", redirectUri));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers().contains("Location")).isFalse();
  }

  @Test
  void never_redirects_for_an_unknown_client() {
    assertThat(visitor.authorize(request("client_id", "other")).status()).isEqualTo(400);
  }

  @Test
  void refuses_a_parameter_given_twice() {
    var answer = visitor.get("/authorize?client_id=keyturn&client_id=keyturn");

    assertThat(answer.body()).contains("client_id is given more than once");
  }

  @Test
  void refuses_a_query_that_cannot_be_read() {
    assertThat(visitor.get("/authorize?client_id=%zz").status()).isEqualTo(400);
  }

  @Test
  void refuses_a_form_that_is_too_large() {
    assertThat(visitor.post("/login", Map.of("request", "x".repeat(20_000))).status())
        .isEqualTo(413);
  }
}
