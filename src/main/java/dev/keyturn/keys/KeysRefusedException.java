package dev.keyturn.keys;

/** Keys that a generation lists and that cannot be taken; the last good ones stay in force. */
public final class KeysRefusedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  KeysRefusedException(String message) {
    super(message);
  }
}
