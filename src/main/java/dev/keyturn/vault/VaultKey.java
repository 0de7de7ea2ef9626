package dev.keyturn.vault;

import dev.keyturn.crypto.Digest;
import dev.keyturn.upstream.Identity;

/**
 * Whose tokens of which account at which upstream.
 *
 * @param subject our {@code sub}
 * @param upstream the upstream's name
 * @param account the upstream's own subject
 */
public record VaultKey(String subject, String upstream, String account) {
  /** Whether it is about the account of that name; whose it is, is decided above. */
  boolean isOf(Identity identity) {
    return account.equals(identity.account());
  }

  /** Whether the account is that by which the person logs in. */
  boolean isIdentityOf(Identity identity) {
    return isOf(identity) && subject.equals(identity.subject());
  }

  /** The name in the store, which tells nothing of the three. */
  String id() {
    return Digest.of(
        subject.length() + " " + subject + upstream.length() + " " + upstream + account);
  }

  /** Names the upstream only: the others are about a person. */
  @Override
  public String toString() {
    return "VaultKey[" + upstream + "]";
  }
}
