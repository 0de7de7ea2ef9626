package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AddressBlockTest {
  private static boolean holds(String block, String address) {
    return AddressBlock.parse(block)
        .orElseThrow()
        .holds(AddressBlock.bytesOf(address).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2",
    "192.0.2.1, 192.0.2.1",
    "0.0.0.0/0, 8.8.8.8",
    "2001:db8::/32, 2001:db8:ffff::1",
    "::1, ::1",
    "10.0.0.0/8, ::ffff:10.1.2.3",
    "::/0, 2001:db8::1"
  })
  void holds_what_begins_the_same(String block, String address) {
    assertThat(holds(block, address)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 11.0.0.1",
    "192.0.2.1, 192.0.2.2",
    "0.0.0.0/0, 2001:db8::1",
    "::/0, 10.0.0.1",
    "2001:db8::/32, 2001:db9::1"
  })
  void holds_nothing_else(String block, String address) {
    assertThat(holds(block, address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "::1/129",
        "example.com/8",
        " 10.0.0.1",
        "10.0.0.0/8x"
      })
  void is_nothing_that_would_have_to_be_looked_up_or_guessed(String spelling) {
    assertThat(AddressBlock.parse(spelling)).isEmpty();
  }
}
