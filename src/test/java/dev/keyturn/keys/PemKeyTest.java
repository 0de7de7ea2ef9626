package dev.keyturn.keys;

import static dev.keyturn.keys.GivenKeys.file;
import static dev.keyturn.keys.GivenKeys.publicKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PemKeyTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "p256-sec1.pem, p256.pub, EC",
    "p256-pkcs8.pem, p256.pub, EC",
    "p256-sec1-compressed.pem, p256.pub, EC",
    "p256-sec1-without-public.pem, p256.pub, EC",
    "p384-sec1.pem, p384.pub, EC",
    "p384-pkcs8.pem, p384.pub, EC",
    "p521-sec1.pem, p521.pub, EC",
    "p521-pkcs8.pem, p521.pub, EC",
    "p521-sec1-without-public.pem, p521.pub, EC",
    "rsa2048-pkcs1.pem, rsa2048.pub, RSA",
    "rsa2048-pkcs8.pem, rsa2048.pub, RSA",
    "ed25519-pkcs8.pem, ed25519.pub, Ed25519",
  })
  void derives_the_public_key_that_openssl_derives(String key, String open, String algorithm) {
    assertThat(PemKey.read(file(key)).getPublic().getEncoded())
        .isEqualTo(publicKey(open, algorithm).getEncoded());
  }

  @Test
  void reads_lines_that_end_as_on_windows() {
    var unix = text("p256-sec1.pem");
    assertThat(PemKey.read(bytes(unix.replace("\n", "\r\n"))).getPublic())
        .isEqualTo(publicKey("p256.pub", "EC"));
  }

  @Test
  void reads_a_block_that_is_indented_as_in_yaml() {
    assertThat(PemKey.read(bytes(text("p256-pkcs8.pem").replace("\n", "\n    "))).getPublic())
        .isEqualTo(publicKey("p256.pub", "EC"));
  }

  @Test
  void reads_a_key_between_comments() {
    assertThat(PemKey.read(bytes("made in May\n" + text("p256-pkcs8.pem") + "end\n")).getPublic())
        .isEqualTo(publicKey("p256.pub", "EC"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "empty.pem               | no PEM block",
        "text-only.pem           | no PEM block",
        "half.pem                | a PEM block without its begin or its end",
        "end-only.pem            | a PEM block without its begin or its end",
        "not-base64.pem          | a private key that is damaged or cut off",
        "truncated-der.pem       | a private key that is damaged or cut off",
        "two-keys.pem            | more than one private key",
        "public-key.pem          | a public key",
        "certificate.pem         | a certificate",
        "key-and-certificate.pem | a certificate",
        "encrypted-pkcs8.pem     | a private key under a passphrase",
        "encrypted-pkcs1.pem     | a private key under a passphrase",
        "openssh.pem             | a key in the form of OpenSSH",
        "weak-rsa.pem            | an RSA key of 1024 bits",
        "rsa-pss.pem             | an RSA key that is restricted to PSS",
        "secp256k1-sec1.pem      | an EC key on secp256k1",
        "secp256k1-pkcs8.pem     | an EC key on secp256k1",
        "brainpool.pem           | an EC key on another curve",
        "explicit-curve.pem      | an EC key with explicit curve parameters",
        "x25519.pem              | an X25519 key",
        "x448.pem                | an X448 key",
        "ed448.pem               | an Ed448 key",
      })
  void says_what_it_found_instead_and_what_would_be_right(String name, String found) {
    assertThatThrownBy(() -> PemKey.read(file("refused/" + name)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("holds " + found)
        .hasMessageContaining("; it must hold ")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"not-base64.pem", "truncated-der.pem", "weak-rsa.pem", "half.pem"})
  void quotes_nothing_of_the_file(String name) {
    var message = catchThrowable(() -> PemKey.read(file("refused/" + name))).getMessage();
    var lines = text("refused/" + name).lines().skip(1);
    assertThat(lines.filter(line -> !line.startsWith("-----")))
        .noneMatch(line -> line.length() > 8 && message.contains(line.substring(0, 8)));
  }

  @Test
  void refuses_a_file_that_is_too_large() {
    var large = text("p256-pkcs8.pem") + "x".repeat(PemKey.MAX_LENGTH);
    assertThatThrownBy(() -> PemKey.read(bytes(large)))
        .hasMessageStartingWith("holds more than 65536 bytes");
  }

  @Test
  void reads_a_file_of_the_largest_size() {
    var key = text("p256-pkcs8.pem");
    var large = key + "x".repeat(PemKey.MAX_LENGTH - key.length());
    assertThat(PemKey.read(bytes(large)).getPublic()).isEqualTo(publicKey("p256.pub", "EC"));
  }

  @Test
  void refuses_an_ec_key_whose_public_point_belongs_to_another() {
    var der = der("p256-pkcs8.pem");
    der[60] ^= 1; // within the secret number: SEQUENCE, version, algorithm and 36 come to it
    assertThatThrownBy(() -> PemKey.read(pem("PRIVATE KEY", der)))
        .hasMessageStartingWith("holds a private key that is damaged");
  }

  @Test
  void refuses_an_rsa_key_whose_modulus_is_not_the_product_of_its_primes() {
    var der = der("rsa2048-pkcs1.pem");
    der[100] ^= 1;
    assertThatThrownBy(() -> PemKey.read(pem("RSA PRIVATE KEY", der)))
        .hasMessageStartingWith("holds a private key that is damaged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"p256-pkcs8.pem", "p521-sec1.pem", "rsa2048-pkcs1.pem", "ed25519-pkcs8.pem"})
  void refuses_a_key_that_is_cut_anywhere(String name) {
    var der = der(name);
    var label = text(name).replaceAll("(?s).*-----END ([A-Z ]+)-----.*", "$1");
    for (var length = 0; length < der.length; length++) {
      var cut = pem(label, Arrays.copyOf(der, length));
      assertThatThrownBy(() -> PemKey.read(cut)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refuses_bytes_behind_the_key() {
    var der = der("p256-pkcs8.pem");
    assertThatThrownBy(() -> PemKey.read(pem("PRIVATE KEY", Arrays.copyOf(der, der.length + 1))))
        .hasMessageStartingWith("holds a private key that is damaged");
  }

  @Test
  void refuses_a_length_that_is_larger_than_the_file() {
    var endless = new byte[] {0x30, (byte) 0x83, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF};
    assertThatThrownBy(() -> PemKey.read(pem("PRIVATE KEY", endless)))
        .hasMessageStartingWith("holds a private key that is damaged");
  }

  private static byte[] der(String name) {
    var lines = text(name).lines().dropWhile(line -> !line.endsWith("PRIVATE KEY-----")).skip(1);
    var base64 = lines.takeWhile(line -> !line.startsWith("-----")).reduce("", String::concat);
    return Base64.getDecoder().decode(base64);
  }

  private static byte[] pem(String label, byte[] der) {
    var base64 = Base64.getEncoder().encodeToString(der);
    return bytes("-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
  }

  private static String text(String name) {
    return new String(file(name), StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
