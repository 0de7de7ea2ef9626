package dev.keyturn.server;

import dev.keyturn.keys.SigningKey;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that nobody named: made once in a process, however often its configuration is read, and
 * lost with it.
 */
public final class Ephemeral {
  private static final int LENGTH = 32;

  private final SecureRandom random;
  private @Nullable SigningKey signing;
  private byte @Nullable [] hmac;
  private byte @Nullable [] vault;

  public Ephemeral(SecureRandom random) {
    this.random = random;
  }

  synchronized SigningKey signing() {
    var made = signing == null ? SigningKey.generate(random) : signing;
    signing = made;
    return made;
  }

  synchronized byte[] hmac() {
    var made = hmac == null ? secret() : hmac;
    hmac = made;
    return made.clone();
  }

  /** The vault key that lies beside the store: it stays the same, even if its file is gone. */
  synchronized byte[] vault(byte[] beside) {
    vault = vault == null ? beside.clone() : vault;
    return vault.clone();
  }

  /** Whether these are the vault keys of a configuration that names none. */
  synchronized boolean isVault(List<byte[]> keys) {
    return keys.size() == 1 && MessageDigest.isEqual(keys.get(0), vault);
  }

  synchronized byte[] vault() {
    var made = vault == null ? secret() : vault;
    vault = made;
    return made.clone();
  }

  private byte[] secret() {
    var bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return bytes;
  }
}
