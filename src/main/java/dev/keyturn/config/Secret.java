package dev.keyturn.config;

import java.util.Objects;

/** A secret in text, such as a client secret, that does not print. */
public record Secret(String value) {
  public Secret {
    Objects.requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
