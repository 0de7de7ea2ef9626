package dev.keyturn.keys;

import static dev.keyturn.keys.GivenKeys.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.GivenCertificate;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PemChainTest {
  private static final GivenCertificate ROOT = GivenCertificate.good();
  private static final GivenCertificate LEAF = ROOT.issues();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void refuses(byte[] file, String found) {
    assertThatThrownBy(() -> PemChain.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("holds " + found + "; it must hold certificates in PEM")
        .hasNoCause();
  }

  @Test
  void reads_certificates_in_their_order() {
    assertThat(PemChain.read(bytes(LEAF.certificatePem() + ROOT.certificatePem())))
        .containsExactly(LEAF.certificate(), ROOT.certificate());
  }

  @Test
  void reads_lines_that_end_as_on_windows() {
    assertThat(PemChain.read(bytes(LEAF.certificatePem().replace("\n", "\r\n"))))
        .containsExactly(LEAF.certificate());
  }

  @Test
  void reads_certificates_between_comments() {
    var commented = "subject=/CN=a\n" + LEAF.certificatePem() + "end\n";
    assertThat(PemChain.read(bytes(commented))).containsExactly(LEAF.certificate());
  }

  @Test
  void reads_the_certificate_that_openssl_made() {
    assertThat(PemChain.read(file("refused/certificate.pem"))).hasSize(1);
  }

  @Test
  void an_empty_file_is_refused() {
    refuses(new byte[0], "no PEM block");
  }

  @Test
  void a_private_key_is_refused() {
    refuses(bytes(LEAF.keyPem()), "a private key");
  }

  @Test
  void a_private_key_beside_the_certificate_is_refused() {
    refuses(bytes(LEAF.certificatePem() + LEAF.keyPem()), "a private key");
  }

  @Test
  void another_block_is_refused() {
    refuses(
        bytes(LEAF.certificatePem().replace("CERT", "TRUSTED CERT")),
        "a PEM block of another kind");
  }

  @Test
  void half_a_file_is_refused() {
    var half = LEAF.certificatePem().substring(0, 300);
    assertThatThrownBy(() -> PemChain.read(bytes(half)))
        .hasMessageStartingWith("holds a PEM block without its begin or its end");
  }

  @Test
  void what_is_no_base64_is_refused() {
    var broken = "-----BEGIN CERTIFICATE-----\n!secret!\n-----END CERTIFICATE-----\n";
    refuses(bytes(broken), "a certificate that is damaged or cut off");
  }

  @Test
  void what_is_no_certificate_is_refused() {
    refuses(
        bytes(LEAF.keyPem().replace("PRIVATE KEY", "CERTIFICATE")),
        "a certificate that is damaged or cut off");
  }

  @Test
  void a_certificate_with_something_behind_it_is_refused() throws Exception {
    var longer = Arrays.copyOf(LEAF.certificate().getEncoded(), 1000);
    var pem =
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----"
            .formatted(Base64.getEncoder().encodeToString(longer));
    refuses(bytes(pem), "a certificate that is damaged or cut off");
  }
}
