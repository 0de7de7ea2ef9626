package dev.keyturn.authorize;

import static dev.keyturn.authorize.GivenRequest.ISSUER;
import static dev.keyturn.authorize.GivenRequest.RESOURCE;
import static dev.keyturn.authorize.GivenRequest.address;
import static dev.keyturn.authorize.GivenRequest.preRegistered;
import static dev.keyturn.authorize.GivenRequest.question;
import static dev.keyturn.authorize.GivenRequest.request;
import static dev.keyturn.authorize.GivenRequest.stranger;
import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Client;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PagesOfConsentTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Pages PAGES = Pages.create(VERTX, ISSUER);
  private static final String WEB = "https://a.example/cb";

  private static final GivenBrowser BROWSER = new GivenBrowser();

  @AfterAll
  static void stop() {
    BROWSER.close();
    done(VERTX.close());
  }

  @Nested
  class The_consent_page {
    private String page(Client client, String scopes, List<String> resources) {
      var page = new ConsentPage(PAGES, "/oauth/consent");
      var question = question(request(client, scopes, resources, Instant.EPOCH));
      return page(page, question, client, "");
    }

    private String page(ConsentPage page, Question question, Client client, String person) {
      var fields = new ConsentPage.Fields("SEALED", "TOKEN", person);
      return BROWSER.asks(http -> page.render(http, question, client, fields)).body().toString();
    }

    private String page(Question question, String person) {
      return page(new ConsentPage(PAGES, "/oauth/consent"), question, stranger("x", WEB), person);
    }

    private String page(Client client) {
      return page(client, "mcp:read", List.of(RESOURCE));
    }

    private String heading(String name) {
      var page = page(stranger(name, WEB));
      var start = "<strong dir=\"auto\">";
      return page.substring(page.indexOf(start) + start.length(), page.indexOf("</strong>"));
    }

    @Test
    void presents_a_strangers_name_as_a_claim() {
      assertThat(page(stranger("Claude", WEB)))
          .contains(
              "An application that says it is “<strong dir=\"auto\">Claude</strong>” wants to use");
    }

    @Test
    void presents_the_operators_name_as_a_fact() {
      assertThat(page(preRegistered(WEB)))
          .contains("<strong dir=\"auto\">Our Client</strong> wants to use")
          .doesNotContain("says it is");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a\u202Eb", "a\u200Bb", "a\u200Db", "a\u0000b", "a\u0007b", "a\u2066b", "a\uFEFFb",
          "a\u00ADb", "a\u2028b", "a\uE000b", "a\u3164b", "a\uFFA0b", "a\u115Fb", "a\u034Fb",
          "a\uFE0Fb", "a\u2800b", "a\uDB40\uDC41b", "a\uDB40\uDD00b", "a\u061Cb", "a\u009Fb"
        })
    void shows_no_character_of_a_name_that_cannot_be_seen(String name) {
      assertThat(heading(name).replace(" ", "")).isEqualTo("ab");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ünïcödé", "克劳德", "कर्सर", "עוזר", "C++ & Co"})
    void shows_the_names_of_all_languages(String name) {
      assertThat(heading(name)).isEqualTo(name.replace("&", "&amp;"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00A0", "\u3000\t", "\u200B", "\u3164", "\u2800"})
    void says_that_there_is_no_name(String name) {
      assertThat(page(stranger(name, WEB)))
          .contains("<h1>An application without a name wants to use");
    }

    @Test
    void shows_at_most_64_characters_of_a_name() {
      assertThat(heading("x".repeat(65))).isEqualTo("x".repeat(64));
    }

    @Test
    void cuts_no_character_in_two() {
      assertThat(heading("x".repeat(63) + "😀😀")).isEqualTo("x".repeat(63) + "😀");
    }

    @Test
    void escapes_a_name() {
      assertThat(page(stranger("<script>alert(1)</script>\"'", WEB)))
          .contains("&lt;script&gt;")
          .doesNotContain("<script");
    }

    @Test
    void escapes_resources() {
      var page = page(stranger("x", WEB), "a", List.of("https://a/<b>&\"", "https://c/<i>"));
      assertThat(page)
          .contains("https://a/&lt;b&gt;&amp;&quot;", "https://c/&lt;i&gt;")
          .doesNotContain("<b>", "<i>");
    }

    @Test
    void escapes_scopes() {
      assertThat(page(stranger("x", WEB), "<b>&'", List.of(RESOURCE)))
          .contains("&lt;b&gt;&amp;")
          .doesNotContain("<b>");
    }

    @Test
    void says_known_scopes_in_words() {
      assertThat(page(stranger("x", WEB), "openid offline_access mcp:read", List.of(RESOURCE)))
          .contains(
              "<li>know who you are</li>",
              "<li>stay connected while you are away</li>",
              "<li>use “mcp:read”</li>");
    }

    @ParameterizedTest
    @CsvSource({
      "https://a.example/cb, a.example, false",
      "https://a.example:8443/cb, a.example:8443, false",
      "http://localhost:5000/cb, localhost:5000, true",
      "com.example.app:/cb, com.example.app:, true"
    })
    void says_where_one_is_sent(String uri, String destination, boolean local) {
      var page = page(stranger("x", uri));
      assertThat(page).contains("<span class=\"fact\" dir=\"ltr\">" + destination + "</span>");
      assertThat(page.contains("on this very computer")).isEqualTo(local);
    }

    @ParameterizedTest
    @CsvSource({
      "https://a.example/client.json, https://a.example/cb, true, false",
      "https://A.example/client.json, https://a.example:8443/cb, true, false",
      "https://a.example/client.json, https://b.example/cb, true, true",
      "https://a.example.evil/client.json, https://a.example/cb, true, true",
      "https://a.example/client.json, http://127.0.0.1:5000/cb, true, false",
      "https://a.example/client.json, https://localhost:5000/cb, true, false",
      "c1, https://b.example/cb, false, false"
    })
    void shows_a_client_id_that_is_an_address_and_warns_of_another_host(
        String id, String uri, boolean shown, boolean warned) {
      var page = page(GivenRequest.client(id, Client.Kind.REGISTERED, "x", List.of(), uri));
      assertThat(page.contains("<span class=\"fact\" dir=\"ltr\">" + id + "</span>"))
          .isEqualTo(shown);
      assertThat(page.contains("not the host of the application")).isEqualTo(warned);
    }

    @Test
    void spells_a_host_with_foreign_letters_as_it_stands_on_the_wire() {
      assertThat(page(stranger("x", "https://xn--pple-43d.example/cb")))
          .contains("<span class=\"fact\" dir=\"ltr\">xn--pple-43d.example</span>");
    }

    @Test
    void says_what_is_asked_for_at_the_provider() {
      assertThat(page(stranger("x", WEB))).contains("You log in at", "okta", "<li>use “repo”</li>");
    }

    @Test
    void names_the_whole_and_says_that_some_of_it_was_allowed_before() {
      var asked = request(stranger("x", WEB), "mcp:read", List.of(RESOURCE), Instant.EPOCH);
      var whole =
          new Question(
              asked, Scopes.parse("mcp:read mcp:write"), "okta", Map.of(), Optional.empty());
      assertThat(page(whole, ""))
          .contains("<li>use “mcp:write”</li>", "Some of this you have allowed before");
      assertThat(page(question(asked), "")).doesNotContain("allowed before");
    }

    @Test
    void says_who_has_logged_in() {
      var asked = request(stranger("x", WEB), "mcp:read", List.of(RESOURCE), Instant.EPOCH);
      var waiting = new Question(asked, asked.scopes(), "okta", Map.of(), Optional.of("login"));
      assertThat(page(waiting, "Bob <b>"))
          .contains("You have logged in at", "<strong dir=\"auto\">Bob &lt;b&gt;</strong>");
    }

    @Test
    void carries_the_request_and_its_token_to_our_own_path() {
      assertThat(page(stranger("x", WEB)))
          .contains(
              "<form method=\"post\" action=\"/oauth/consent\">",
              "name=\"request\" value=\"SEALED\"",
              "name=\"token\" value=\"TOKEN\"");
    }

    @Test
    void offers_to_deny_first() {
      var page = page(stranger("x", WEB));
      assertThat(page.indexOf("value=\"deny\"")).isPositive().isLessThan(page.indexOf("\"allow\""));
    }
  }

  @Nested
  class A_notice {
    private final Notices notices = new Notices(PAGES, ISSUER);
    private final OAuthError error =
        new OAuthError(ErrorCode.INVALID_SCOPE, "scope <x> is not supported");

    private static String location(Reply reply) {
      return reply.headers().stream()
          .filter(header -> header.getKey().equals("Location"))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse("");
    }

    @Test
    void of_a_refusal_leads_a_stranger_back_by_a_click_only() {
      var reply =
          BROWSER.asks(http -> notices.refuse(http, address(stranger("x", WEB), "s"), error));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(location(reply)).isEmpty();
      assertThat(reply.body().toString())
          .contains(
              "href=\"https://a.example/cb?error=invalid_scope&amp;",
              "Back to a.example",
              "scope &lt;x&gt; is not supported");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:5000/cb", "http://localhost:5000/cb"})
    void of_a_refusal_redirects_to_a_strangers_loopback(String uri) {
      var reply =
          BROWSER.asks(http -> notices.refuse(http, address(stranger("x", uri), "s"), error));
      assertThat(reply.status()).isEqualTo(303);
      assertThat(location(reply)).startsWith(uri + "?error=invalid_scope&");
    }

    @Test
    void of_a_refusal_redirects_to_a_client_of_the_operator() {
      var reply =
          BROWSER.asks(http -> notices.refuse(http, address(preRegistered(WEB), "s"), error));
      assertThat(reply.status()).isEqualTo(303);
      assertThat(location(reply)).startsWith(WEB + "?error=invalid_scope&").contains("&state=s&");
    }

    @Test
    void of_a_refusal_is_a_page_for_a_strangers_own_scheme() {
      var reply =
          BROWSER.asks(
              http ->
                  notices.refuse(http, address(stranger("x", "com.example.app:/cb"), "s"), error));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body().toString()).contains("href=\"com.example.app:/cb?error=");
    }

    @Test
    void after_the_decision_redirects_a_stranger_too() {
      var reply = BROWSER.asks(http -> notices.tell(http, address(stranger("x", WEB), "s"), error));
      assertThat(reply.status()).isEqualTo(303);
    }

    @Test
    void hands_a_code_by_a_redirect() {
      var reply =
          BROWSER.asks(http -> notices.hand(http, address(stranger("x", WEB), "s"), "c0de"));
      assertThat(reply.status()).isEqualTo(303);
      assertThat(location(reply)).startsWith(WEB + "?code=c0de&state=s&iss=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.example.app:/cb", "cursor://anysphere.cursor-mcp/cb"})
    void hands_a_code_to_an_applications_own_scheme_by_a_page(String uri) {
      var reply =
          BROWSER.asks(http -> notices.hand(http, address(preRegistered(uri), "s"), "c0de"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(location(reply)).isEmpty();
      assertThat(reply.body().toString())
          .contains("href=\"" + uri + "?code=c0de&amp;state=s", "Open the application");
    }

    @Test
    void escapes_what_a_link_holds() {
      var reply =
          BROWSER.asks(
              http ->
                  notices.hand(http, address(preRegistered("com.example.app:/cb?x='"), "s"), "c"));
      assertThat(reply.body().toString()).contains("cb?x=&#39;&amp;code=c").doesNotContain("x='");
    }

    @Test
    void names_the_request() {
      var named = new AtomicReference<String>();
      var reply =
          BROWSER.asks(
              http -> {
                named.set(http.id());
                return notices.page(http, Notice.FINISHED, "some <detail>");
              });
      assertThat(reply.body().toString())
          .contains(named.get(), "some &lt;detail&gt;")
          .doesNotContain("class=\"button");
    }
  }
}
