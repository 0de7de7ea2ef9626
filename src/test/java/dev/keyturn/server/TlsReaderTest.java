package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.SettableClock;
import dev.keyturn.secrets.SecretReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TlsReaderTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEAR = Duration.ofDays(365);

  @TempDir private Path folder;

  private final Findings findings = new Findings();
  private final SettableClock clock = new SettableClock();
  private final Instant now = clock.instant();
  private final GivenCertificate given = GivenCertificate.from(now.minus(DAY), YEAR);

  private Optional<Listen.Tls> served = Optional.empty();

  private Optional<Listen.Tls> read(String certificate, String key) {
    try {
      Files.writeString(folder.resolve("cert"), certificate);
      Files.writeString(folder.resolve("key"), key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var settings =
        Settings.parse("server: {tls: {cert_file: cert, key_file: key}}", folder, findings);
    return new TlsReader(new SecretReader(Map.of(), findings), clock, served)
        .read(settings.child("server").child("tls"));
  }

  private Optional<Listen.Tls> read(GivenCertificate one) {
    return read(one.certificatePem(), one.keyPem());
  }

  private void finds(GivenCertificate one, String finding) {
    assertThat(read(one)).isPresent();
    assertThat(findings.warnings().stream().map(Finding::toString))
        .containsExactly("server.tls.cert_file names " + folder.resolve("cert") + ", " + finding);
  }

  private void refuses(Optional<Listen.Tls> read, String setting, String file, String reason) {
    assertThat(read).isEmpty();
    assertThat(findings.errors().stream().map(Finding::toString))
        .singleElement()
        .asString()
        .startsWith("server.tls." + setting + " names " + folder.resolve(file) + ", " + reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void a_certificate_and_its_key_are_read(String algorithm) {
    var one = GivenCertificate.of(algorithm);
    clock.forward(Duration.between(now, Instant.now()));
    assertThat(read(one)).contains(new Listen.Tls(List.of(one.certificate()), one.key()));
    assertThat(findings.all()).isEmpty();
  }

  @Test
  void a_chain_is_read_with_what_vouches() {
    clock.forward(Duration.between(now, Instant.now()));
    var leaf = given.issues();
    var tls = read(leaf.certificatePem() + given.certificatePem(), leaf.keyPem()).orElseThrow();
    assertThat(tls.chain()).containsExactly(leaf.certificate(), given.certificate());
    assertThat(findings.all()).isEmpty();
  }

  @Test
  void it_tells_when_the_certificate_ends() {
    assertThat(read(given).orElseThrow().notAfter())
        .isEqualTo(given.certificate().getNotAfter().toInstant());
  }

  @Test
  void it_prints_when_the_certificate_ends_and_nothing_of_the_key() {
    assertThat(read(given).orElseThrow())
        .hasToString("Tls[until " + now.minus(DAY).plus(YEAR) + "]");
  }

  @Test
  void a_certificate_that_has_expired_is_refused() {
    var end = now.minusSeconds(1);
    refuses(
        read(GivenCertificate.from(end.minus(YEAR), YEAR)),
        "cert_file",
        "cert",
        "whose certificate expired at " + end);
  }

  @Test
  void a_certificate_that_expires_while_it_is_served_refuses_no_other_change() {
    var one = GivenCertificate.from(now.minusSeconds(1).minus(YEAR), YEAR);
    served = Optional.of(new Listen.Tls(List.of(one.certificate()), one.key()));
    finds(
        one, "whose certificate expired at " + now.minusSeconds(1) + ": nobody trusts it any more");
  }

  @Test
  void a_certificate_that_is_not_valid_yet_is_refused() {
    var begin = now.plusSeconds(1);
    refuses(
        read(GivenCertificate.from(begin, YEAR)),
        "cert_file",
        "cert",
        "whose certificate is not valid before " + begin);
  }

  @Test
  void a_certificate_that_expires_within_14_days_is_worth_a_warning() {
    var end = now.plus(Duration.ofDays(14)).minusSeconds(1);
    finds(
        GivenCertificate.from(end.minus(YEAR), YEAR),
        "whose certificate expires at " + end + ": put a new one there before");
  }

  @Test
  void a_certificate_that_lives_for_14_days_is_not() {
    read(GivenCertificate.from(now.plus(Duration.ofDays(14)).minus(YEAR), YEAR));
    assertThat(findings.all()).isEmpty();
  }

  @Test
  void the_key_of_another_certificate_is_refused() {
    refuses(
        read(given.certificatePem(), GivenCertificate.good().keyPem()),
        "key_file",
        "key",
        "which is not the key of the certificate");
  }

  @Test
  void a_key_of_another_kind_is_refused() {
    refuses(
        read(given.certificatePem(), GivenCertificate.of("RSA").keyPem()),
        "key_file",
        "key",
        "which is not the key of the certificate");
  }

  @Test
  void a_key_that_belongs_to_a_later_certificate_of_the_chain_is_refused() {
    var leaf = GivenCertificate.from(now.minus(DAY), YEAR);
    refuses(
        read(given.certificatePem() + leaf.certificatePem(), leaf.keyPem()),
        "key_file",
        "key",
        "which is not the key of the certificate");
  }

  @Test
  void an_ed25519_key_is_refused() {
    clock.forward(Duration.between(now, Instant.now()));
    refuses(read(GivenCertificate.of("Ed25519")), "key_file", "key", "which holds an Ed25519 key");
  }

  @Test
  void a_file_that_holds_no_certificate_is_refused() {
    refuses(read("", given.keyPem()), "cert_file", "cert", "which is no good: holds no PEM block");
  }

  @Test
  void a_file_that_holds_no_key_is_refused() {
    refuses(
        read(given.certificatePem(), given.certificatePem()),
        "key_file",
        "key",
        "which is no good: holds a certificate; it must hold the private key");
  }

  @Test
  void a_chain_in_disorder_is_worth_a_warning() {
    var stranger = GivenCertificate.good();
    assertThat(read(given.certificatePem() + stranger.certificatePem(), given.keyPem()))
        .isPresent();
    assertThat(findings.warnings().stream().map(Finding::message))
        .singleElement()
        .asString()
        .contains("no. 2 does not vouch for no. 1");
  }

  @Test
  void nothing_of_a_key_is_quoted() {
    var key = given.keyPem();
    read(given.certificatePem(), key.replace("-----END", "!-----END"));
    assertThat(findings.all().toString()).doesNotContain(key.lines().toList().get(1));
  }
}
