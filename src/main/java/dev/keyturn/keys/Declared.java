package dev.keyturn.keys;

import java.util.List;
import java.util.Set;

/**
 * The keys and secrets that this process was given, each list with the one first that is to be
 * used.
 *
 * @param revoked key ids that must never be used again
 * @param cookies empty: made from {@code hmac}
 * @param vault empty: made from {@code hmac}
 */
public record Declared(
    List<SigningKey> signing,
    Set<String> revoked,
    List<byte[]> hmac,
    List<byte[]> cookies,
    List<byte[]> vault,
    Timing timing) {
  public Declared {
    signing = List.copyOf(signing);
    revoked = Set.copyOf(revoked);
    hmac = List.copyOf(hmac);
    cookies = List.copyOf(cookies);
    vault = List.copyOf(vault);
    if (signing.isEmpty() || hmac.isEmpty()) {
      throw new IllegalArgumentException("there must be a key that signs, and an HMAC secret");
    }
  }

  /** Says how many there are, and nothing of them. */
  @Override
  public String toString() {
    return "Declared[signing=%d, hmac=%d, cookies=%d, vault=%d]"
        .formatted(signing.size(), hmac.size(), cookies.size(), vault.size());
  }
}
