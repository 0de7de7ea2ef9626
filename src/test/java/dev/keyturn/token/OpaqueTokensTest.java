package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.store.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OpaqueTokensTest {
  private static final byte[] OLD = secret('o');
  private static final byte[] NEW = secret('n');
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String SESSION = OpaqueTokens.sessionId(RANDOM);
  private static final OpaqueTokens REFRESH = refresh(NEW);

  private static byte[] secret(char letter) {
    return String.valueOf(letter).repeat(32).getBytes(StandardCharsets.US_ASCII);
  }

  private static OpaqueTokens refresh(byte[]... secrets) {
    return OpaqueTokens.refreshTokens(HmacSecrets.of(List.of(secrets)), RANDOM);
  }

  private static OpaqueTokens codes(byte[]... secrets) {
    return OpaqueTokens.codes(HmacSecrets.of(List.of(secrets)), RANDOM);
  }

  @Test
  void a_token_names_its_session() {
    assertThat(REFRESH.sessionOf(REFRESH.mint(SESSION))).contains(SESSION);
  }

  @Test
  void a_token_has_256_random_bits_of_its_own() {
    var one = content(REFRESH.mint(SESSION));
    var other = content(REFRESH.mint(SESSION));
    assertThat(one).hasSize(16 + 32 + 32);
    assertThat(Arrays.mismatch(one, 16, 48, other, 16, 48)).isNotNegative();
  }

  @Test
  void a_session_identifier_has_128_bits() {
    assertThat(Base64.getUrlDecoder().decode(SESSION)).hasSize(16);
  }

  @Test
  void every_flipped_bit_is_refused() {
    var whole = content(REFRESH.mint(SESSION));
    for (int bit = 0; bit < whole.length * 8; bit++) {
      var other = whole.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(REFRESH.sessionOf("ktr_" + encode(other))).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void every_changed_character_is_refused() {
    var token = REFRESH.mint(SESSION);
    for (int i = 0; i < token.length(); i++) {
      var other = new StringBuilder(token);
      other.setCharAt(i, token.charAt(i) == 'B' ? 'C' : 'B');
      assertThat(REFRESH.sessionOf(other.toString())).as("character %d", i).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("otherSpellings")
  void another_spelling_of_a_good_token_is_refused(String token) {
    assertThat(REFRESH.sessionOf(token)).isEmpty();
  }

  static Stream<String> otherSpellings() {
    var token = REFRESH.mint(SESSION);
    var last = token.charAt(token.length() - 1);
    return Stream.of(
        token + "=",
        token + "==",
        token + "A",
        token + " ",
        token + "\n",
        " " + token,
        token.substring(4),
        token.toUpperCase(java.util.Locale.ROOT),
        "ktr_" + token,
        token.substring(0, token.length() - 1),
        // 80 bytes leave four bits of the last character unused: other bits there mean the same.
        token.substring(0, token.length() - 1) + (char) (last + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ktr_", "ktr_A", "ktr_====", "ktr_\u00e9\u4e2d", "ktr", "null"})
  void garbage_is_refused(String token) {
    assertThat(REFRESH.sessionOf(token)).isEmpty();
  }

  @Test
  void a_long_token_is_refused_without_a_look_at_it() {
    assertThat(REFRESH.sessionOf("ktr_" + "A".repeat(10_000_000))).isEmpty();
  }

  @Test
  void a_code_is_no_refresh_token() {
    assertThat(REFRESH.sessionOf(codes(NEW).mint(SESSION))).isEmpty();
  }

  @Test
  void a_code_with_the_prefix_of_a_refresh_token_is_none_either() {
    var code = codes(NEW).mint(SESSION);
    assertThat(REFRESH.sessionOf("ktr_" + code.substring(4))).isEmpty();
  }

  @Nested
  class Secrets {
    @Test
    void verify_when_listed_second() {
      assertThat(refresh(NEW, OLD).sessionOf(refresh(OLD).mint(SESSION))).contains(SESSION);
    }

    @Test
    void do_not_verify_when_not_listed() {
      assertThat(refresh(NEW).sessionOf(refresh(OLD).mint(SESSION))).isEmpty();
    }

    @Test
    void sign_when_listed_first() {
      assertThat(refresh(OLD).sessionOf(refresh(NEW, OLD).mint(SESSION))).isEmpty();
    }
  }

  @Nested
  class The_store {
    private final SettableClock clock = new SettableClock();
    private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 10));
    private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);

    @Test
    void is_never_asked_for_a_forged_code() {
      assertThat(done(given.codes.find(codes(NEW).mint(SESSION)))).isEmpty();
      assertThat(store.calls()).isZero();
    }

    @Test
    void is_never_asked_whether_a_forged_code_was_spent() {
      var forged = codes(NEW).mint(SESSION);
      assertThat(done(given.codes.replayed(forged, "c", GivenSessions.VERIFIER))).isEmpty();
      assertThat(store.calls()).isZero();
    }

    @Test
    void is_never_asked_for_a_forged_refresh_token() {
      failed(given.tokens.refresh(REFRESH.mint(SESSION), GivenSessions::everything));
      assertThat(store.calls()).isZero();
    }
  }

  private static byte[] content(String token) {
    return Base64.getUrlDecoder().decode(token.substring(4));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
