package dev.keyturn.server;

import dev.keyturn.config.Settings;
import dev.keyturn.keys.PemChain;
import dev.keyturn.keys.PemKey;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.server.Listen.Tls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads our own certificate and its key, and lets only those pass that can serve now.
 *
 * <p>Whoever serves them does not look again: a key of another certificate would be taken without a
 * word, and then break every handshake.
 */
final class TlsReader {
  private static final String CERTIFICATE = "cert_file";
  private static final String KEY = "key_file";
  private static final Duration SOON = Duration.ofDays(14);
  private static final byte[] SAMPLE = "is this one pair?".getBytes(StandardCharsets.US_ASCII);

  private final SecretReader files;
  private final Clock clock;
  private final Optional<Tls> served;

  /**
   * @param served what is served now: it goes on when it expires, since refusing it would refuse
   *     every other change with it
   */
  TlsReader(SecretReader files, Clock clock, Optional<Tls> served) {
    this.files = files;
    this.clock = clock;
    this.served = served;
  }

  /** Reads the mapping {@code tls}; empty for plain HTTP, or with findings. */
  Optional<Tls> read(Settings settings) {
    var certificate = settings.file(CERTIFICATE);
    var key = settings.file(KEY);
    if (certificate.isPresent() != key.isPresent()) {
      settings.refuse(
          certificate.isPresent() ? KEY : CERTIFICATE,
          "is missing: a certificate and its key go together");
    }
    return certificate
        .flatMap(cert -> key.flatMap(file -> read(settings, cert, file)))
        .flatMap(tls -> settings.build(() -> tls));
  }

  private Optional<Tls> read(Settings settings, Path certificate, Path keyFile) {
    var chain = read(settings, CERTIFICATE, certificate, PemChain::read);
    var key = read(settings, KEY, keyFile, pem -> PemKey.read(pem).getPrivate());
    chain.ifPresent(read -> judge(settings, certificate, read));
    return chain.flatMap(read -> key.flatMap(secret -> pair(settings, keyFile, read, secret)));
  }

  private <T> Optional<T> read(
      Settings settings, String setting, Path path, Function<byte[], T> parser) {
    return files
        .bytes(settings.name(setting), path)
        .flatMap(
            content -> {
              try {
                return Optional.of(parser.apply(content));
              } catch (IllegalArgumentException e) {
                settings.refuse(setting, "names " + path + ", which is no good: " + e.getMessage());
                return Optional.empty();
              }
            });
  }

  private void judge(Settings settings, Path path, List<X509Certificate> chain) {
    var now = clock.instant();
    var begin = chain.get(0).getNotBefore().toInstant();
    var end = chain.get(0).getNotAfter().toInstant();
    if (now.isBefore(begin)) {
      settings
          .findings()
          .errorUntil(
              begin, settings.name(CERTIFICATE), names(path, "is not valid before " + begin));
    } else if (now.isAfter(end) && served.filter(tls -> tls.chain().equals(chain)).isPresent()) {
      warn(settings, names(path, "expired at " + end + ": nobody trusts it any more"));
    } else if (now.isAfter(end)) {
      settings.refuse(CERTIFICATE, names(path, "expired at " + end));
    } else if (now.plus(SOON).isAfter(end)) {
      warn(settings, names(path, "expires at " + end + ": put a new one there before"));
    }
    for (int i = 1; i < chain.size(); i++) {
      if (!vouches(chain.get(i), chain.get(i - 1))) {
        warn(
            settings,
            "names "
                + path
                + ", in which no. "
                + (i + 1)
                + " does not vouch for no. "
                + i
                + ": clients may not accept our certificate");
      }
    }
  }

  private static Optional<Tls> pair(
      Settings settings, Path path, List<X509Certificate> chain, PrivateKey key) {
    if (key.getAlgorithm().equals("EdDSA")) {
      settings.refuse(
          KEY, "names " + path + ", which holds an Ed25519 key: browsers want one of EC or RSA");
      return Optional.empty();
    }
    if (!isPair(chain.get(0), key)) {
      settings.refuse(KEY, "names " + path + ", which is not the key of the certificate");
      return Optional.empty();
    }
    return Optional.of(new Tls(chain, key));
  }

  private static boolean isPair(X509Certificate certificate, PrivateKey key) {
    try {
      var signature = Signature.getInstance("SHA256with" + (isEc(key) ? "ECDSA" : "RSA"));
      signature.initSign(key);
      signature.update(SAMPLE);
      var signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(SAMPLE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // A key of another kind or curve.
    }
  }

  private static boolean isEc(PrivateKey key) {
    return key.getAlgorithm().equals("EC");
  }

  private static boolean vouches(X509Certificate upper, X509Certificate lower) {
    try {
      lower.verify(upper.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String names(Path path, String fate) {
    return "names " + path + ", whose certificate " + fate;
  }

  private static void warn(Settings settings, String message) {
    settings.findings().warn(settings.name(CERTIFICATE), message);
  }
}
