package dev.keyturn.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;

/**
 * Reads a private key in PEM: PKCS#8, SEC1 for EC, PKCS#1 for RSA; the public half is derived.
 *
 * <p>A refusal says what was found and what would be right, never anything of the content. It is
 * the rest of a sentence that begins with the name of the file or the setting.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-10">RFC 7468, section 10</a>
 */
public final class PemKey {
  /** The most that a key file may hold, in bytes. */
  public static final int MAX_LENGTH = 64 * 1024;

  static final String SUPPORTED =
      "EC on P-256, P-384 or P-521, RSA of 2048 to 8192 bits, or Ed25519";

  private PemKey() {}

  /** The one private key that {@code file} holds. */
  public static KeyPair read(byte[] file) {
    return read(blocksOf(file));
  }

  /** What stands in {@code file}, but for what says nothing that a key does not say itself. */
  static List<Pem> blocksOf(byte[] file) {
    if (file.length > MAX_LENGTH) {
      throw refusal("more than " + MAX_LENGTH + " bytes", "one private key in PEM");
    }
    return Pem.blocksOf(file).stream().filter(pem -> !pem.label().equals("EC PARAMETERS")).toList();
  }

  /** The one private key that {@code blocks} are. */
  static KeyPair read(List<Pem> blocks) {
    for (var block : blocks) {
      requirePrivate(block.label());
    }
    if (blocks.size() != 1) {
      throw refusal(
          blocks.isEmpty() ? "no PEM block" : "more than one private key",
          "one private key in PEM, which begins with -----BEGIN PRIVATE KEY-----");
    }
    return read(blocks.get(0));
  }

  private static KeyPair read(Pem block) {
    var content = new Der(block.content().orElseThrow(Der::damaged));
    try {
      return switch (block.label()) {
        case "EC PRIVATE KEY" -> Sec1.read(content);
        case "RSA PRIVATE KEY" -> Pkcs1.read(content);
        default -> Pkcs8.read(content);
      };
    } catch (GeneralSecurityException e) {
      throw Der.damaged(); // The cause may quote numbers of the key.
    }
  }

  private static void requirePrivate(String label) {
    switch (label) {
      case "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY" -> {}
      case "ENCRYPTED PRIVATE KEY" ->
          throw refusal(
              "a private key under a passphrase",
              "it without one: openssl pkcs8 -topk8 -nocrypt -in key.pem");
      case "PUBLIC KEY", "RSA PUBLIC KEY", "EC PUBLIC KEY" ->
          throw refusal("a public key", "the private key that belongs to it, and nothing else");
      case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE REQUEST" ->
          throw refusal("a certificate", "the private key that belongs to it, and nothing else");
      case "OPENSSH PRIVATE KEY" ->
          throw refusal("a key in the form of OpenSSH", "PKCS#8: ssh-keygen -p -m PKCS8 -f key");
      default -> throw refusal("a PEM block of another kind", "one private key: " + SUPPORTED);
    }
  }

  /** What was found, and what would be right; neither may hold anything of the file's content. */
  static IllegalArgumentException refusal(String found, String expected) {
    return new IllegalArgumentException("holds " + found + "; it must hold " + expected);
  }
}
