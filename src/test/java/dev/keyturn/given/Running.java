package dev.keyturn.given;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** A process, and every line that it has printed. */
public final class Running implements AutoCloseable {
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private Running(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a command in a folder; what it prints on either stream is read. */
  public static Running start(Path folder, List<String> command) {
    return start(folder, Map.of(), command);
  }

  /** Starts a command in a folder with further variables; those of ours and of a pod are not. */
  public static Running start(Path folder, Map<String, String> variables, List<String> command) {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("KEYTURN_") || name.startsWith("KUBERNETES_"));
    builder.environment().putAll(variables);
    try {
      return new Running(builder.start());
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  public long pid() {
    return process.pid();
  }

  /** The first line that is looked for. */
  public String line(Predicate<String> wanted) {
    try {
      Patience.await().until(() -> lines.stream().anyMatch(wanted) || !process.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("it did not say it in time: " + lines, e);
    }
    return lines.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new AssertionError("it ended without saying it: " + lines));
  }

  /** The exit code, when it ends by itself in that time. */
  public int exit(long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it did not end within " + seconds + " s: " + lines);
      }
      reader.join(Patience.LONG.toMillis());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Sends SIGTERM; tells the exit code. */
  public int stop() {
    process.destroy();
    return exit(Patience.SECONDS);
  }

  /** Ends it at once, as {@code kill -9} does; it cannot do anything more. */
  public void kill() {
    process.destroyForcibly();
    exit(Patience.SECONDS);
  }

  @Override
  public void close() {
    stop();
  }

  private void read() {
    try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      lines.add("(the output broke off)");
    }
  }
}
