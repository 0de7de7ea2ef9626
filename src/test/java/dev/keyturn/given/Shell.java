package dev.keyturn.given;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A bash in which somebody works: what one command has set is there for the next. */
public final class Shell implements AutoCloseable {
  private final Process process;
  private final Writer input;
  private final Path output;
  private int commands;

  /**
   * @param output the file that takes what commands print
   * @param path where commands are looked for first
   */
  public Shell(Path folder, Path output, Path path) {
    this.output = output;
    var builder =
        new ProcessBuilder("bash", "-euo", "pipefail")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().merge("PATH", path.toString(), (old, ours) -> ours + ":" + old);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    input =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  /** Runs it to its end, and tells what it printed; a failure ends the shell. */
  public String run(String command) {
    var done = "-- done: " + ++commands + " --";
    var before = printed().length();
    try {
      input.write("{\n" + command + "\n} < /dev/null\necho '" + done + "'\n");
      input.flush();
    } catch (IOException e) {
      throw new AssertionError("the shell has ended: " + printed(), e);
    }
    Patience.await().until(() -> printed().contains(done) || !process.isAlive());
    if (!printed().contains(done)) {
      throw new AssertionError(command + "\nfailed: " + printed().substring(before));
    }
    return printed().substring(before).replace(done + "\n", "");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(Patience.SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String printed() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
