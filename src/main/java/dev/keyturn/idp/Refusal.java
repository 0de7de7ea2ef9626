package dev.keyturn.idp;

import java.io.Serial;

/** An OAuth error: its registered code and a description that holds no secret. */
final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String code;

  Refusal(String code, String description) {
    super(description, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }

  String description() {
    return String.valueOf(getMessage());
  }
}
