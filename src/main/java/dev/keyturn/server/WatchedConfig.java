package dev.keyturn.server;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Finding.Severity;
import dev.keyturn.secrets.Look;
import dev.keyturn.secrets.Reading;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.secrets.WatchedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A configuration file and everything that it names: one whole that may change while the server
 * runs.
 *
 * <p>What only a restart can change stays as it was at the first look.
 */
public final class WatchedConfig {
  private static final int ATTEMPTS = 100;

  private final Path file;
  private final Function<SecretFiles, RunConfigReader> readers;
  private final WatchedFiles<RunConfig> files;
  private volatile Optional<Fixed> running = Optional.empty();
  private final Consumer<Finding> warnings;
  private final Set<Finding> told = new HashSet<>();

  /**
   * @param file the configuration; relative file names in it are relative to the working directory
   * @param disk where all files are read
   * @param readers makes what reads one whole
   * @param warnings is told once of each thing that is worth knowing
   */
  public WatchedConfig(
      Path file,
      SecretFiles disk,
      Function<SecretFiles, RunConfigReader> readers,
      Consumer<Finding> warnings) {
    this.file = file;
    this.readers = readers;
    this.warnings = warnings;
    this.files = new WatchedFiles<>(disk, this::read);
  }

  /** What the files say at the start, or everything that is wrong with them. Blocks. */
  public Reading<RunConfig> first() {
    var look = firstLook();
    if (look instanceof Look.Accepted<RunConfig> accepted) {
      var config = accepted.generation().value();
      running = Optional.of(config.fixed());
      return new Reading.Good<>(config);
    }
    return look instanceof Look.Rejected<RunConfig> rejected
        ? new Reading.Bad<>(rejected.errors())
        : bad("changes all the time: wait until nobody writes it");
  }

  private Look<RunConfig> firstLook() {
    var look = files.look();
    for (int i = 0; i < ATTEMPTS && look instanceof Look.Unsettled; i++) {
      look = files.look();
    }
    return look;
  }

  /** What a server follows. */
  public WatchedFiles<RunConfig> files() {
    return files;
  }

  private Reading<RunConfig> read(SecretFiles from) {
    String document;
    try {
      document = text(from.readDocument(file));
    } catch (NoSuchFileException e) {
      return bad("does not exist");
    } catch (CharacterCodingException e) {
      return bad("is not UTF-8 text");
    } catch (IOException e) {
      return bad("cannot be read: " + e.getClass().getSimpleName());
    }
    var reader = readers.apply(from);
    running.ifPresent(reader::holding);
    var read = reader.read(document, Path.of(""));
    if (read.isEmpty()) {
      return new Reading.Bad<>(reader.findings().errors());
    }
    running = running.map(before -> read.get().fixed());
    reader.findings().warnings().stream().filter(told::add).forEach(warnings);
    return new Reading.Good<>(read.get());
  }

  private Reading<RunConfig> bad(String message) {
    return new Reading.Bad<>(
        List.of(new Finding(Severity.ERROR, "the configuration " + file, message)));
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
