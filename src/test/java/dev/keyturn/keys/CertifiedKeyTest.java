package dev.keyturn.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.GivenCertificate;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CertifiedKeyTest {
  private static final GivenCertificate ROOT = GivenCertificate.good();
  private static final GivenCertificate LEAF = ROOT.issues();

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void a_key_may_stand_before_its_certificate(String algorithm) {
    var given = GivenCertificate.of(algorithm);
    assertThat(read(given.keyPem() + given.certificatePem()).kid())
        .isEqualTo(read(given.keyPem()).kid());
  }

  @Test
  void a_key_may_stand_after_a_chain() {
    assertThat(read(LEAF.certificatePem() + ROOT.certificatePem() + LEAF.keyPem()))
        .isEqualTo(read(LEAF.keyPem() + LEAF.certificatePem()));
  }

  @Test
  void without_a_certificate_it_is_the_key_alone() {
    assertThat(SigningKey.fromCertifiedPem(GivenKeys.file("p256-sec1.pem")))
        .isEqualTo(GivenKeys.key("p256-sec1.pem"));
  }

  @Test
  void with_a_certificate_it_is_not_what_it_is_without() {
    assertThat(read(LEAF.keyPem() + LEAF.certificatePem())).isNotEqualTo(read(LEAF.keyPem()));
  }

  @Test
  void it_keeps_its_certificate_under_another_algorithm() {
    var given = GivenCertificate.of("RSA");
    var key = read(given.keyPem() + given.certificatePem());
    assertThat(key.under(SigningAlgorithm.PS256).under(SigningAlgorithm.RS256)).isEqualTo(key);
  }

  @Test
  void the_certificate_of_another_key_is_refused() {
    refuses(LEAF.keyPem() + ROOT.certificatePem(), "a certificate of another key");
  }

  @Test
  void a_chain_that_does_not_begin_with_our_own_is_refused() {
    refuses(
        LEAF.keyPem() + ROOT.certificatePem() + LEAF.certificatePem(),
        "a certificate of another key");
  }

  @Test
  void a_certificate_alone_is_refused() {
    refuses(LEAF.certificatePem(), "a certificate");
  }

  @Test
  void a_damaged_certificate_is_refused() {
    var damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    refuses(LEAF.keyPem() + damaged, "a certificate that is damaged or cut off");
  }

  @Test
  void a_signing_key_of_ours_stands_alone() {
    assertThatThrownBy(
            () -> SigningKey.fromPem((LEAF.keyPem() + LEAF.certificatePem()).getBytes(US_ASCII)))
        .hasMessageStartingWith("holds a certificate; it must hold the private key");
  }

  private static SigningKey read(String pem) {
    return SigningKey.fromCertifiedPem(pem.getBytes(US_ASCII));
  }

  private static void refuses(String pem, String found) {
    assertThatThrownBy(() -> read(pem))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("holds " + found + "; it must hold ")
        .hasNoCause();
  }
}
