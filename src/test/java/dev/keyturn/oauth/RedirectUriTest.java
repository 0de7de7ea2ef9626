package dev.keyturn.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedirectUriTest {
  private static final Set<String> EDITORS = RedirectUri.EDITOR_SCHEMES;

  private static String complaint(String text) {
    return RedirectUri.complaintAbout(text, EDITORS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example",
        "https://a.example/cb?x=1&y=%20",
        "https://a.example:8443/cb",
        "HTTPS://A.example/cb",
        "https://localhost/cb",
        "https://192.0.2.1/cb",
        "https://0.0.0.0/cb",
        "https://xn--bcher-kva.example/cb",
        "https://a.example./cb",
        "https://a.b2/cb",
        "https://1a/cb",
        "https://a.example//cb",
        "https://a.example/a%2fb",
        "https://[2001:db8::1]/cb",
        "https://a.example/%2e%2e/cb",
        "http://localhost/cb",
        "http://LOCALHOST/cb",
        "http://127.0.0.1",
        "http://127.0.0.1:65535/cb",
        "http://[::1]:80/cb",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "vscode://vscode.example/cb",
        "vscode-insiders://vscode.example/cb",
        "windsurf://codeium.windsurf/cb",
        "zed://mcp/cb",
        "com.example.app:/cb",
        "com.example.app:cb",
      })
  void may_be(String uri) {
    assertThat(complaint(uri)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|must be an absolute URI",
        "/cb|must be an absolute URI",
        "//a.example/cb|must be an absolute URI",
        "a.example|must be an absolute URI",
        "https:|must be an absolute URI",
        "https:a.example|must have a plain host, with no user information",
        "https:/a.example|must have a plain host, with no user information",
        "https:///cb|must have a plain host, with no user information",
        "https://|must have a plain host, with no user information",
        "https://me@a.example/cb|must have a plain host, with no user information",
        "https://a.example:x@b.example/|must have a plain host, with no user information",
        "https://a.example:/cb|must have a plain host, with no user information",
        "https://a.example%2eb.example/|must have a plain host, with no user information",
        "https://a_b.example/cb|must have a plain host, with no user information",
        "https://a.example:65536/cb|must have a valid host and port",
        "https://a..example/cb|must have a valid host and port",
        "https://-a.example/cb|must have a valid host and port",
        "https://[::1/cb|must have a plain host, with no user information",
        "https://[:::1]/cb|must have a valid host and port",
        "https://[::77777777777.1]/cb|must have a valid host and port",
        "https://a.example:0/cb|must have a plain host, with no user information",
        "https://a.example:00443/cb|must have a plain host, with no user information",
        "http://localhost:0/cb|must have a plain host, with no user information",
        "http://localhost:65536/cb|must have a valid host and port",
        "https://127.1/cb|must have a valid host and port",
        "https://0x7f.1/cb|must have a valid host and port",
        "https://0x7f000001/cb|must have a valid host and port",
        "https://0X7F000001/cb|must have a valid host and port",
        "https://2130706433/cb|must have a valid host and port",
        "https://010.0.0.1/cb|must have a valid host and port",
        "https://127.0.0.01/cb|must have a valid host and port",
        "https://192.0.2.1./cb|must have a valid host and port",
        "https://a.example.1/cb|must have a valid host and port",
        "https://0x/cb|must have a valid host and port",
        "https://a.example/%zz|must have a valid host and port",
        "https://a.example/cb#x|must have no fragment",
        "https://a.example/cb#|must have no fragment",
        "https://a.example\\@b.example|holds a character that a URI may not hold",
        "https:\\\\a.example|holds a character that a URI may not hold",
        "https://bücher.example/|holds a character that a URI may not hold",
        "https://a.example/ü|holds a character that a URI may not hold",
        "https://a.example/a b|holds a character that a URI may not hold",
        "https://a.example/{x}|holds a character that a URI may not hold",
        "http://a.example/cb|must be https, or http on localhost, 127.0.0.1 or [::1]",
        "http://localhost.evil.com/|must be https, or http on localhost, 127.0.0.1 or [::1]",
        "http://127.0.0.1.evil.com/|must be https, or http on localhost, 127.0.0.1 or [::1]",
        "http://localhost./|must be https, or http on localhost, 127.0.0.1 or [::1]",
        "http://127.0.0.2/|must be https, or http on localhost, 127.0.0.1 or [::1]",
        "http://0.0.0.0/|must be https, or http on localhost, 127.0.0.1 or [::1]",
        "http://[::ffff:127.0.0.1]/|must be https, or http on localhost, 127.0.0.1 or [::1]",
        "http://localhost@evil.com/|must have a plain host, with no user information",
        "http://evil.com?@localhost/|must be https, or http on localhost, 127.0.0.1 or [::1]",
        "javascript:alert(1)|must not use the scheme javascript",
        "JavaScript:alert(1)|must not use the scheme javascript",
        "data:text/html,x|must not use the scheme data",
        "file:///etc/passwd|must not use the scheme file",
        "vbscript:x|must not use the scheme vbscript",
        "filesystem:https://a.example/x|must not use the scheme filesystem",
        "blob:https://a.example/x|must not use the scheme blob",
        "about:blank|must not use the scheme about",
        "view-source:https://a.example|must not use the scheme view-source",
        "intent://a.example#x|must have no fragment",
        "intent://a.example|must not use the scheme intent",
        "a.:x|uses the scheme a.: use https, http on loopback, or a reverse-domain scheme",
        "a..b:x|uses the scheme a..b: use https, http on loopback, or a reverse-domain scheme",
        "http://localhost%2e/cb|must have a plain host, with no user information",
        "http://127%2e0.0.1/cb|must have a plain host, with no user information",
        "http://0177.0.0.1/cb|must have a valid host and port",
        "http://\uFF11\uFF12\uFF17.0.0.1/cb|holds a character that a URI may not hold",
        "http://\u0661\u0662\u0667.0.0.1/cb|holds a character that a URI may not hold",
        "https://\u0430pple.example/cb|holds a character that a URI may not hold",
        "https://a.example\u3002evil.example/cb|holds a character that a URI may not hold",
        "https://a.example\u2024evil.example/cb|holds a character that a URI may not hold",
        "https://a.example%00.evil.example/cb|must have a plain host, with no user information",
        "https://a.example%2f@evil.example/cb|must have a plain host, with no user information",
        "https://a.example%40evil.example/cb|must have a plain host, with no user information",
        "https://a.example;evil.example/cb|must have a plain host, with no user information",
        "https://[::1%25lo]/cb|must have a plain host, with no user information",
        "https://[::1].evil.example/cb|must have a plain host, with no user information",
        "https:////evil.example/cb|must have a plain host, with no user information",
        "unknown://x/|uses the scheme unknown: use https, http on loopback, or a reverse-domain"
            + " scheme",
        "cursor://me@x/cb|must have a plain host, with no user information",
        "cursor://me@x_y/cb|must have a plain host, with no user information",
        "com.example.app:/%zz|is not a URI",
      })
  void must_not_be(String uri, String complaint) {
    assertThat(complaint(uri)).isEqualTo(complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\t", "\n", "\r\n", "\0", " ", "\u007F", "\u00A0", "\u2028"})
  void holds_no_control_and_no_blank_anywhere(String blank) {
    assertThat(complaint("https://a.example/c" + blank + "b")).startsWith("holds a character");
    assertThat(complaint(blank + "https://a.example/cb")).startsWith("holds a character");
    assertThat(complaint("https://a.example/cb" + blank)).startsWith("holds a character");
    assertThat(complaint("java" + blank + "script:alert(1)")).startsWith("holds a character");
  }

  @Test
  void has_a_bounded_length() {
    assertThat(complaint("https://a.example/" + "x".repeat(2030))).isEmpty();
    assertThat(complaint("https://a.example/" + "x".repeat(2031))).contains("at most 2048");
  }

  @Test
  void a_scheme_without_a_dot_must_be_allowed() {
    assertThat(RedirectUri.complaintAbout("cursor://x/cb", Set.of())).contains("scheme cursor");
  }

  @Test
  void cannot_be_made_of_what_is_refused() {
    assertThatThrownBy(() -> new RedirectUri("http://a.example/"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/cb, http://localhost/cb",
    "http://localhost/cb, http://localhost:51234/cb",
    "http://localhost:8787/cb, http://localhost:1/cb",
    "http://localhost:8787/cb, http://localhost/cb",
    "http://127.0.0.1/cb?x=1, http://127.0.0.1:1/cb?x=1",
    "'http://[::1]/cb', 'http://[::1]:1/cb'",
    "http://127.0.0.1, http://127.0.0.1:1",
    "http://localhost/cb, HTTP://localhost:1/cb",
    "http://127.0.0.1:33418/, http://127.0.0.1:65535/",
    "https://a.example/cb, https://a.example/cb",
    "cursor://x/cb, cursor://x/cb",
  })
  void admits(String registered, String requested) {
    assertThat(new RedirectUri(registered).admits(requested)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/cb, http://127.0.0.1/cb",
    "http://127.0.0.1/cb, 'http://[::1]/cb'",
    "http://localhost/cb, http://localhost.evil.com/cb",
    "http://localhost/cb, http://localhost:1@evil.com/cb",
    "http://localhost/cb, http://localhost:1:2/cb",
    "http://localhost/cb, http://localhost:/cb",
    "http://localhost/cb, http://localhost:99999/cb",
    "http://localhost/cb, http://localhost:65536/cb",
    "http://localhost/cb, http://localhost:0/cb",
    "http://localhost/cb, http://localhost:080/cb",
    "http://localhost/cb, http://localhost:+80/cb",
    "http://localhost/cb, http://localhost:80\t/cb",
    "http://localhost/cb, 'http://localhost:8\u0660/cb'",
    "http://localhost/cb, http://localhost./cb",
    "http://localhost/cb, http://localhost%2e/cb",
    "http://localhost/cb, http://LOCALHOST/cb",
    "http://localhost/cb, http://localhost:1//cb",
    "http://localhost/cb, http://localhost:1/./cb",
    "http://localhost/cb, http://localhost:1/%2e/cb",
    "http://localhost/cb, http://localhost:1\\\\@evil.example/cb",
    "http://localhost/cb, http://user@localhost:1/cb",
    "http://localhost/cb, http://localhost:1/cb%2f",
    "http://127.0.0.1/cb, http://127.1/cb",
    "http://127.0.0.1/cb, http://0x7f.1/cb",
    "http://127.0.0.1/cb, http://2130706433/cb",
    "http://127.0.0.1/cb, http://127.0.0.1./cb",
    "http://127.0.0.1/cb, 'http://[::ffff:127.0.0.1]/cb'",
    "'http://[::1]/cb', 'http://[0:0:0:0:0:0:0:1]/cb'",
    "HTTP://localhost/cb, HTTPS://localhost:1/cb",
    "http://localhost/cb, http://localhost:1/cb/",
    "http://localhost/cb, http://localhost:1/CB",
    "http://localhost/cb, http://localhost:1/cb?x=1",
    "http://localhost/cb, http://localhost:1/cb?",
    "http://localhost/cb, http://localhost:1/cb#x",
    "http://localhost/cb, http://localhost:1/x/../cb",
    "http://localhost/cb, http://localhost:1/%63b",
    "http://localhost/cb, https://localhost:1/cb",
    "http://localhost/cb, ''",
    "http://localhost, http://localhost:1/",
    "https://localhost/cb, https://localhost:1/cb",
    "https://a.example/cb, https://a.example:443/cb",
    "https://a.example/cb, https://A.example/cb",
    "https://a.example/cb, HTTPS://a.example/cb",
    "https://a.example/cb, https://a.example/cb/",
    "https://a.example/cb, https://a.example/cb?x",
    "cursor://x/cb, cursor://x:1/cb",
    "cursor://x/cb, Cursor://x/cb",
  })
  void does_not_admit(String registered, String requested) {
    assertThat(new RedirectUri(registered).admits(requested)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example:8443/cb, a.example:8443",
    "http://localhost/cb, localhost",
    "cursor://x/cb, cursor:",
  })
  void shows_its_destination(String uri, String destination) {
    assertThat(new RedirectUri(uri).destination()).isEqualTo(destination);
  }

  @Test
  void knows_what_no_web_server_receives() {
    assertThat(new RedirectUri("cursor://x/cb").isPrivateUse()).isTrue();
    assertThat(new RedirectUri("HTTPS://x/cb").isPrivateUse()).isFalse();
    assertThat(new RedirectUri("http://localhost/cb").isLoopbackHttp()).isTrue();
    assertThat(new RedirectUri("https://localhost/cb").isLoopbackHttp()).isFalse();
  }

  /** Whatever is accepted means the same to another parser, and never more than it seems. */
  @Test
  void agrees_with_another_parser() throws URISyntaxException {
    var random = new Random(20_261_123);
    var accepted = 0;
    for (int i = 0; i < 200_000; i++) {
      var text = RedirectUriTexts.one(random);
      if (complaint(text).isEmpty()) {
        accepted++;
        agrees(text, new URI(text));
      }
    }
    assertThat(accepted).as("accepted, so that this test says something").isGreaterThan(5_000);
  }

  private static void agrees(String text, URI other) {
    var uri = new RedirectUri(text);
    assertThat(other.getRawFragment()).as(text).isNull();
    assertThat(other.getRawUserInfo()).as(text).isNull();
    assertThat(Optional.ofNullable(other.getRawAuthority()).orElse(""))
        .as(text)
        .doesNotContain("@");
    if (!uri.isPrivateUse()) {
      assertThat(uri.destination()).as(text).isEqualTo(other.getRawAuthority());
      assertThat(other.getHost()).as(text).isNotEmpty();
      assertThat(text).containsIgnoringCase("://" + other.getHost());
    }
    if (uri.isLoopbackHttp()) {
      assertThat(other.getHost()).as(text).matches("(?i)localhost|127\\.0\\.0\\.1|\\[::1]");
    }
  }

  @Test
  void has_at_most_2048_characters() {
    var longest = "https://a.example/" + "x".repeat(2030);
    assertThat(RedirectUri.complaintAbout(longest, Set.of())).isEmpty();
    assertThat(RedirectUri.complaintAbout(longest + "x", Set.of())).contains("2048");
  }
}
