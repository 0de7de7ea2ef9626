package dev.keyturn.gateway;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UpstreamInjectTest {
  @Test
  void refuses_to_name_no_provider() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UpstreamInject(""))
        .withMessageStartingWith("provider ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "Host", "content-length", "Connection"})
  void refuses_a_header_that_is_not_for_credentials(String header) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UpstreamInject("default", header))
        .withMessageStartingWith("header ");
  }
}
