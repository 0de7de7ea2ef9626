package dev.keyturn.server;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Finding.Severity;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Look;
import dev.keyturn.secrets.Reading;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.secrets.UnfitFileException;
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

  private final String name;
  private final Path folder;
  private final Source source;
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
    this(file.toString(), from -> from.readDocument(file), Path.of(""), disk, readers, warnings);
  }

  private WatchedConfig(
      String name,
      Source source,
      Path folder,
      SecretFiles disk,
      Function<SecretFiles, RunConfigReader> readers,
      Consumer<Finding> warnings) {
    this.name = name;
    this.source = source;
    this.folder = folder;
    this.readers = readers;
    this.warnings = warnings;
    this.files = new WatchedFiles<>(disk, this::read);
  }

  /**
   * A configuration that stays as it is; the files that it names may change.
   *
   * @param folder what relative file names in it are relative to
   */
  static WatchedConfig of(
      String document,
      Path folder,
      Function<SecretFiles, RunConfigReader> readers,
      Consumer<Finding> warnings) {
    var bytes = document.getBytes(StandardCharsets.UTF_8);
    return new WatchedConfig("text", from -> bytes, folder, new Disk(), readers, warnings);
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
      document = text(source.read(from));
    } catch (NoSuchFileException e) {
      return bad("does not exist");
    } catch (CharacterCodingException e) {
      return bad("is not UTF-8 text");
    } catch (UnfitFileException e) {
      return bad(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return bad("cannot be read: " + e.getClass().getSimpleName());
    }
    var reader = readers.apply(from);
    running.ifPresent(reader::holding);
    var read = reader.read(document, folder);
    if (read.isEmpty()) {
      return new Reading.Bad<>(reader.findings().errors(), reader::isOver);
    }
    running = running.map(before -> read.get().fixed());
    reader.findings().warnings().stream().filter(told::add).forEach(warnings);
    return new Reading.Good<>(read.get());
  }

  private Reading<RunConfig> bad(String message) {
    return new Reading.Bad<>(
        List.of(new Finding(Severity.ERROR, "the configuration " + name, message)));
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** Where the document itself is. */
  @FunctionalInterface
  private interface Source {
    byte[] read(SecretFiles files) throws IOException;
  }
}
