package dev.keyturn.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CryptoTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] PLAIN = bytes("upstream token");
  private static final byte[] HERE = bytes("session/1");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] key(int fill, int length) {
    var key = new byte[length];
    Arrays.fill(key, (byte) fill);
    return key;
  }

  @Nested
  class Sealing {
    private final SealingKeys keys = sealing(1);

    private static SealingKeys sealing(int... fills) {
      return SealingKeys.of(
          Arrays.stream(fills).mapToObj(fill -> key(fill, SealingKeys.LENGTH)).toList(), RANDOM);
    }

    @Test
    void opens_what_it_sealed() {
      assertThat(keys.open(keys.seal(PLAIN, HERE), HERE)).contains(PLAIN);
    }

    @Test
    void seals_nothing_twice_alike() {
      assertThat(keys.seal(PLAIN, HERE)).isNotEqualTo(keys.seal(PLAIN, HERE));
    }

    @Test
    void seals_nothing_at_all_too() {
      assertThat(keys.open(keys.seal(new byte[0], new byte[0]), new byte[0])).contains(new byte[0]);
    }

    @Test
    void opens_nothing_that_belongs_elsewhere() {
      assertThat(keys.open(keys.seal(PLAIN, HERE), bytes("session/2"))).isEmpty();
    }

    @Test
    void opens_nothing_without_the_key() {
      assertThat(sealing(2).open(keys.seal(PLAIN, HERE), HERE)).isEmpty();
    }

    @Test
    void opens_nothing_of_which_a_byte_was_changed() {
      var sealed = keys.seal(PLAIN, HERE);
      for (int i = 0; i < sealed.length; i++) {
        var changed = sealed.clone();
        changed[i] ^= 1;
        assertThat(keys.open(changed, HERE)).as("byte %d", i).isEmpty();
      }
    }

    @Test
    void opens_nothing_that_was_cut() {
      var sealed = keys.seal(PLAIN, HERE);
      for (int length = 0; length < sealed.length; length++) {
        assertThat(keys.open(Arrays.copyOf(sealed, length), HERE)).as("%d", length).isEmpty();
      }
    }

    @Test
    void opens_with_every_key_and_seals_with_the_first() {
      var rotated = sealing(2, 1);
      assertThat(rotated.open(keys.seal(PLAIN, HERE), HERE)).contains(PLAIN);
      assertThat(keys.open(rotated.seal(PLAIN, HERE), HERE)).isEmpty();
    }

    @Test
    void refuses_keys_of_another_length() {
      var keys = List.of(key(1, 32), key(2, 31));
      assertThatThrownBy(() -> SealingKeys.of(keys, RANDOM))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refuses_to_be_without_a_key() {
      assertThatThrownBy(() -> SealingKeys.of(List.of(), RANDOM))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void does_not_change_with_the_array_that_it_was_made_of() {
      var mine = key(1, 32);
      var made = SealingKeys.of(List.of(mine), RANDOM);
      Arrays.fill(mine, (byte) 9);
      assertThat(made.open(keys.seal(PLAIN, HERE), HERE)).isPresent();
    }

    @Test
    void prints_no_key() {
      assertThat(keys.toString()).doesNotContain("0101").matches("\\[[0-9a-f]{16}]");
    }

    @Test
    void of_two_processes_does_not_open() {
      var sealed = SealingKeys.ephemeral(RANDOM).seal(PLAIN, HERE);
      assertThat(SealingKeys.ephemeral(RANDOM).open(sealed, HERE)).isEmpty();
    }
  }

  @Nested
  class Authentication {
    private final HmacSecrets secrets = HmacSecrets.of(List.of(key(1, 32)));

    @Test
    void verifies_what_it_signed() {
      assertThat(secrets.verify(PLAIN, secrets.sign(PLAIN))).isTrue();
    }

    @Test
    void refuses_another_message() {
      assertThat(secrets.verify(HERE, secrets.sign(PLAIN))).isFalse();
    }

    @Test
    void refuses_a_code_that_was_cut_or_is_empty() {
      assertThat(secrets.verify(PLAIN, Arrays.copyOf(secrets.sign(PLAIN), 31))).isFalse();
      assertThat(secrets.verify(PLAIN, new byte[0])).isFalse();
    }

    @Test
    void of_one_purpose_is_none_of_another() {
      var code = secrets.forPurpose("code").sign(PLAIN);
      assertThat(secrets.forPurpose("code").verify(PLAIN, code)).isTrue();
      assertThat(secrets.forPurpose("refresh").verify(PLAIN, code)).isFalse();
      assertThat(secrets.verify(PLAIN, code)).isFalse();
    }

    @Test
    void signs_with_the_first_secret_and_verifies_with_all() {
      var rotated = HmacSecrets.of(List.of(key(2, 32), key(1, 32)));
      assertThat(rotated.verify(PLAIN, secrets.sign(PLAIN))).isTrue();
      assertThat(secrets.verify(PLAIN, rotated.sign(PLAIN))).isFalse();
    }

    @Test
    void rotates_within_a_purpose() {
      var rotated = HmacSecrets.of(List.of(key(2, 32), key(1, 32))).forPurpose("code");
      assertThat(rotated.verify(PLAIN, secrets.forPurpose("code").sign(PLAIN))).isTrue();
    }

    @Test
    void refuses_a_short_secret() {
      var secrets = List.of(key(1, 32), key(2, 31));
      assertThatThrownBy(() -> HmacSecrets.of(secrets))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("32");
    }

    @Test
    void refuses_to_be_without_a_secret() {
      assertThatThrownBy(() -> HmacSecrets.of(List.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void seals_for_a_purpose() {
      var sealed = secrets.sealing("cookie", RANDOM).seal(PLAIN, HERE);
      assertThat(secrets.sealing("cookie", RANDOM).open(sealed, HERE)).contains(PLAIN);
      assertThat(secrets.sealing("vault", RANDOM).open(sealed, HERE)).isEmpty();
    }

    @Test
    void prints_no_secret() {
      assertThat(secrets).hasToString("HmacSecrets[1]");
    }
  }

  /** RFC 5869, appendix A.3: no salt and no info, the first 32 bytes. */
  @Test
  void derives_as_rfc_5869() {
    assertThat(Hkdf.derive(key(0x0b, 22), ""))
        .isEqualTo(
            HexFormat.of()
                .parseHex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
  }

  /** RFC 4231, test case 2. */
  @Test
  void authenticates_as_rfc_4231() {
    assertThat(Hkdf.hmac(bytes("Jefe"), bytes("what do ya want for nothing?")))
        .isEqualTo(
            HexFormat.of()
                .parseHex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
  }

  @Test
  void hashes_as_fips_180() {
    assertThat(Digest.of("abc")).isEqualTo("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  }

  @Test
  void compares_texts() {
    assertThat(Digest.same("ü", "ü")).isTrue();
    assertThat(Digest.same("a", "ab")).isFalse();
  }
}
