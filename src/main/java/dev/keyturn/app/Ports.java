package dev.keyturn.app;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks ports of the command line. */
final class Ports {
  private Ports() {}

  static void require(@Nullable CommandSpec spec, int port) {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), "--port must be between 0 and 65535");
    }
  }
}
