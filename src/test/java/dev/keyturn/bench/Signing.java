package dev.keyturn.bench;

import dev.keyturn.crypto.CryptoProvider;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** What one ES256 signature costs, computed by one provider. */
final class Signing {
  private static final String ES256 = "SHA256withECDSAinP1363Format";
  private static final byte[] INPUT = new byte[700];

  private final CryptoProvider crypto;
  private final SecureRandom random = new SecureRandom();
  private final PrivateKey key;

  Signing(CryptoProvider crypto) {
    this.crypto = crypto;
    try {
      var keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(new ECGenParameterSpec("secp256r1"), random);
      key = keys.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The processor time of one of so many, in nanoseconds. */
  double cost(int signatures) {
    var clock = ManagementFactory.getThreadMXBean();
    var start = clock.getCurrentThreadCpuTime();
    for (int i = 0; i < signatures; i++) {
      sign();
    }
    return (double) (clock.getCurrentThreadCpuTime() - start) / signatures;
  }

  private byte[] sign() {
    try {
      var signature =
          crypto.isNative()
              ? Signature.getInstance(ES256, crypto.provider().orElseThrow())
              : Signature.getInstance(ES256);
      signature.initSign(key, random);
      signature.update(INPUT);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
