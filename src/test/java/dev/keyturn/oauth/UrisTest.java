package dev.keyturn.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UrisTest {
  @Test
  void a_uri_is_what_it_says() {
    assertThat(Uris.parse("com.example.app:/callback"))
        .contains(URI.create("com.example.app:/callback"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://a b", "https://%zz", "https://[::77777777777.1]", "https://[::1", ":"})
  void what_is_none_is_empty(String text) {
    assertThat(Uris.parse(text)).isEmpty();
  }
}
