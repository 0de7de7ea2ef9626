package dev.keyturn.secrets;

import java.io.IOException;

/** A file that is there and is no good for us; the message completes "the file ...". */
public final class UnfitFileException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnfitFileException(String message) {
    super(message);
  }
}
