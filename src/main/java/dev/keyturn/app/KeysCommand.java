package dev.keyturn.app;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code keys}: makes and lists signing keys. */
@Command(
    name = "keys",
    description = "Makes signing keys and lists those that there are.",
    mixinStandardHelpOptions = true,
    subcommands = {KeysNewCommand.class, KeysListCommand.class})
final class KeysCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "Name a command: keys new or keys list.");
  }
}
