package dev.keyturn.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;

/** Key files that OpenSSL made, and what OpenSSL says of them. They protect nothing. */
final class GivenKeys {
  private GivenKeys() {}

  static byte[] file(String name) {
    try (var in = Objects.requireNonNull(GivenKeys.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SigningKey key(String name) {
    return SigningKey.fromPem(file(name));
  }

  /** The public key in {@code name}, read by nothing of ours. */
  static PublicKey publicKey(String name, String algorithm) {
    var base64 =
        new String(file(name), StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
