package dev.keyturn.keys;

/** Keys that a generation lists and that cannot be taken; the last good ones stay in force. */
public final class KeysRefusedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final Purpose kind;

  KeysRefusedException(Purpose kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** The kind of the keys. */
  public Purpose kind() {
    return kind;
  }
}
