package dev.keyturn.app.source;

import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.secrets.UnfitFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of this machine, with the text that a source told last in the place of one of them.
 *
 * <p>So a configuration from elsewhere is taken, compared and refused together with the files that
 * it names. While it cannot be read it is like a file that cannot be read: what was in force goes
 * on, and the reason is told once.
 */
public final class LatestDocument implements SecretFiles {
  private final Path name;
  private final SecretFiles files;
  private volatile State now = new State(Optional.empty(), "has not been read yet");

  /**
   * @param name what the text is asked for by
   */
  public LatestDocument(Path name, SecretFiles files) {
    this.name = name;
    this.files = files;
  }

  /** This is the text now. */
  public void holds(String text) {
    now = new State(Optional.of(text), "");
  }

  /** There is no text now; {@code reason} is for the operator. */
  public void lacks(String reason) {
    now = new State(Optional.empty(), "cannot be read: " + reason);
  }

  @Override
  public byte[] readDocument(Path file) throws IOException {
    if (!file.equals(name)) {
      return files.readDocument(file);
    }
    var state = now;
    return state
        .text
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .orElseThrow(() -> new UnfitFileException(state.reason));
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return files.read(file);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return files.list(directory);
  }

  /** A text has no identity but itself. */
  @Override
  public String identity(Path path) throws IOException {
    return path.equals(name) ? "" : files.identity(path);
  }

  private record State(Optional<String> text, String reason) {
    @Override
    public String toString() {
      return "State[hidden]";
    }
  }
}
