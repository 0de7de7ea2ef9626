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
  boolean isOf(Identity identity) {
    return subject.equals(identity.subject()) && account.equals(identity.account());
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
