package dev.keyturn.store.redis;

/** What lies under a key of ours is not ours, or a newer version's. */
final class ForeignValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ForeignValueException() {
    super("not written by this version");
  }
}
