package dev.keyturn.keys;

import java.util.function.Predicate;

/**
 * Reads a private key in PEM that may stand together with its certificates, our own first.
 *
 * <p>Only a certificate of that very key is taken, since whoever looks the key up by it would find
 * another one.
 */
final class CertifiedKey {
  private CertifiedKey() {}

  static SigningKey read(byte[] file) {
    var blocks = PemKey.blocksOf(file);
    var certificates = blocks.stream().filter(PemChain::isCertificate).map(PemChain::read).toList();
    var others = blocks.stream().filter(Predicate.not(PemChain::isCertificate)).toList();
    var key = SigningKey.of(PemKey.read(others.isEmpty() ? blocks : others));
    if (certificates.isEmpty()) {
      return key;
    }
    var own = certificates.get(0);
    if (!own.getPublicKey().equals(key.publicHalf().publicKey())) {
      throw PemKey.refusal(
          "a certificate of another key", "the certificate of its private key before all others");
    }
    return key.certifiedBy(own);
  }
}
