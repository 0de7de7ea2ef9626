package dev.keyturn.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Client;
import dev.keyturn.given.RightToLeft;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PagesTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final GivenPages PAGES = GivenPages.of(GivenPages.STRANGER);

  @AfterAll
  static void stop() {
    PAGES.close();
  }

  static Stream<String> paths() {
    return GivenPages.paths().stream();
  }

  @ParameterizedTest
  @CsvSource({"/consent, de", "/consent, ja", "/notice/finished, de", "/unavailable, ja"})
  void a_page_is_in_the_language_of_the_browser(String path, String language) {
    var page = ask(PAGES, path, language + ", en;q=0.5");
    assertThat(page.body()).contains("<html lang=\"" + language + "\" dir=\"ltr\">");
    assertThat(page.headers().firstValue("Content-Language")).contains(language);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/consent", "/notice/finished", "/unavailable"})
  void the_language_that_the_client_asks_for_comes_first(String path) {
    assertThat(ask(PAGES, path + "?ui_locales=ja", "de").body()).contains("<html lang=\"ja\"");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void caches_know_that_languages_differ(String path) {
    assertThat(ask(PAGES, path, "de").headers().allValues("Vary")).contains("Accept-Language");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void no_page_knows_another_direction_than_its_language(String path) {
    assertThat(ask(PAGES, path, RightToLeft.TAG).body())
        .contains("<html lang=\"ar-XB\" dir=\"rtl\">");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/unavailable", "/broken", "/refused", "/notice/unknown_client"})
  void an_error_page_names_the_request(String path) {
    assertThat(ask(PAGES, path, "en").body())
        .containsPattern("Request id: <span class=\"fact\" dir=\"ltr\">[A-Za-z0-9_-]{12}</span>");
  }

  @ParameterizedTest
  @CsvSource({"en, at least 7 s", "de, mindestens 7 s", "ja, 7 秒以上"})
  void the_page_of_what_is_away_says_how_long_to_wait(String language, String words) {
    var page = ask(PAGES, "/unavailable", language);
    assertThat(page.body()).contains(words);
    assertThat(page.headers().firstValue("Retry-After")).contains("7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/refused", "/back"})
  void what_developers_are_told_stays_english_and_is_marked_so(String path) {
    assertThat(ask(PAGES, path, "de").body())
        .containsPattern("<blockquote lang=\"en\" dir=\"ltr\">(parameter|code_challenge) ");
  }

  @ParameterizedTest
  @CsvSource({"ja, クロード", "de, Claude Code", "en, Claude Code"})
  void a_client_is_named_in_the_language_of_the_page(String language, String name) {
    var known = GivenPages.client(Client.Kind.REGISTERED, "Claude Code", Map.of("ja-jp", "クロード"));
    try (var others = GivenPages.of(known)) {
      assertThat(ask(others, "/consent", language).body())
          .contains("<strong dir=\"auto\">" + name + "</strong>");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "REGISTERED, Eve, says it is “<strong",
    "PRE_REGISTERED, Eve, '<h1><strong dir=\"auto\">Eve</strong> wants'",
    "REGISTERED, '', An application without a name wants",
    "PRE_REGISTERED, '', '<strong dir=\"auto\">c1</strong> wants'"
  })
  void a_stranger_s_name_is_a_claim(Client.Kind kind, String name, String words) {
    try (var others = GivenPages.of(GivenPages.client(kind, name, Map.of()))) {
      assertThat(ask(others, "/consent", "en").body()).contains(words);
    }
  }

  @Test
  void a_name_in_some_language_is_as_little_markup_as_any() {
    var names = Map.of("de", "<b>\u202Eevil</b>");
    try (var others = GivenPages.of(GivenPages.client(Client.Kind.REGISTERED, "x", names))) {
      assertThat(ask(others, "/consent", "de").body())
          .contains("&lt;b&gt;evil")
          .doesNotContain("<b>", "\u202E");
    }
  }

  @Test
  void to_deny_comes_first_and_is_told_by_its_value_in_every_language() {
    assertThat(ask(PAGES, "/consent", "ja").body())
        .containsSubsequence("value=\"deny\">拒否", "value=\"allow\" class=\"main\">許可");
  }

  private static HttpResponse<String> ask(GivenPages pages, String path, String languages) {
    var request =
        HttpRequest.newBuilder(URI.create(pages.url(path))).header("Accept-Language", languages);
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
