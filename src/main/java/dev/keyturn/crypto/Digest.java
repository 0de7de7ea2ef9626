package dev.keyturn.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256, as it names entries of the store that must not show what they are about. */
public final class Digest {
  private Digest() {}

  /** The base64url spelling of the hash of {@code text}. */
  public static String of(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The hash of {@code bytes}. */
  public static byte[] of(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether both are the same, in a time that does not tell where they differ. */
  public static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
