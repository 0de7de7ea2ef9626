package dev.keyturn.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Corpus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A registered redirect URI and a requested one, with a line break between them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RedirectUriFuzzTest {
  static Stream<Path> inputs() {
    return Corpus.of("redirect-uri");
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void a_kept_input_breaks_nothing(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  /** Called by Jazzer: {@code bench/fuzz}. */
  public static void fuzzerTestOneInput(byte[] input) {
    var text = new String(input, UTF_8);
    var end = text.indexOf('\n');
    var registered = end < 0 ? text : text.substring(0, end);
    var requested = end < 0 ? text : text.substring(end + 1);
    if (RedirectUri.complaintAbout(registered, RedirectUri.EDITOR_SCHEMES).isEmpty()) {
      var uri = new RedirectUri(registered);
      assertThat(uri.admits(registered)).isTrue();
      requirePlain(uri, URI.create(registered));
      if (uri.admits(requested) && !requested.equals(registered)) {
        requirePortAlone(URI.create(registered), URI.create(requested));
      }
    }
  }

  private static void requirePlain(RedirectUri uri, URI other) {
    assertThat(other.getRawFragment()).isNull();
    assertThat(String.valueOf(other.getRawAuthority())).doesNotContain("@");
    assertThat(uri.value()).matches("[\\x21-\\x7E]{1,2048}");
    if (!uri.isPrivateUse()) {
      assertThat(uri.destination()).isEqualTo(other.getRawAuthority());
      assertThat(other.getScheme().toLowerCase(Locale.ROOT)).isIn("http", "https");
    }
    if (uri.isLoopbackHttp()) {
      assertThat(Set.of("localhost", "127.0.0.1", "[::1]"))
          .contains(other.getHost().toLowerCase(Locale.ROOT));
    }
  }

  private static void requirePortAlone(URI registered, URI requested) {
    assertThat(requested.getScheme()).isEqualToIgnoringCase("http");
    assertThat(registered.getScheme()).isEqualToIgnoringCase("http");
    assertThat(requested.getHost()).isEqualTo(registered.getHost());
    assertThat(requested.getRawUserInfo()).isNull();
    assertThat(requested.getRawPath()).isEqualTo(registered.getRawPath());
    assertThat(requested.getRawQuery()).isEqualTo(registered.getRawQuery());
    assertThat(requested.getRawFragment()).isNull();
    assertThat(requested.getPort()).isNotZero().isLessThan(65_536);
  }
}
