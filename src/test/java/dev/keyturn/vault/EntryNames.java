package dev.keyturn.vault;

/** What entries of the vault are called in a store, for those who look at it from outside. */
public final class EntryNames {
  private EntryNames() {}

  /** The last part of the entry's key, and of its lease's. */
  public static String of(VaultKey key) {
    return key.id();
  }
}
