package dev.keyturn.secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** One thing that a reader asked of the files. */
record Asked(Kind kind, Path path) {
  enum Kind {
    SECRET,
    DOCUMENT,
    DIRECTORY
  }

  Answer of(SecretFiles files) {
    try {
      return switch (kind) {
        case SECRET -> new Answer.Content(files.read(path));
        case DOCUMENT -> new Answer.Content(files.readDocument(path));
        case DIRECTORY -> new Answer.Listing(files.list(path));
      };
    } catch (IOException e) {
      return new Answer.Failure(e);
    }
  }

  /** Which file it was; empty if even that cannot be told. */
  Optional<String> identityIn(SecretFiles files) {
    try {
      return Optional.of(files.identity(path));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where a change of it can be noticed. */
  Path directory() {
    var parent = path.toAbsolutePath().getParent();
    return kind == Kind.DIRECTORY || parent == null ? path.toAbsolutePath() : parent;
  }
}
