package dev.keyturn.secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files as they were when they were first asked for: each is read at most once.
 *
 * <p>Afterwards it can tell whether all of that was there at one moment. It is, if everything that
 * was read first is found again when everything has been read; without that, a reader between two
 * writes of a writer could take the certificate of one generation and the key of the next.
 */
final class Snapshot implements SecretFiles {
  private final SecretFiles files;
  private final Map<Asked, Seen> seen = new LinkedHashMap<>();

  Snapshot(SecretFiles files) {
    this.files = files;
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return answer(new Asked(Asked.Kind.SECRET, file)).content();
  }

  @Override
  public byte[] readDocument(Path file) throws IOException {
    return answer(new Asked(Asked.Kind.DOCUMENT, file)).content();
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return answer(new Asked(Asked.Kind.DIRECTORY, directory)).listing();
  }

  /** Whether everything is still as it was, and was not exchanged and exchanged back. */
  boolean stands() {
    return seen.entrySet().stream()
        .allMatch(entry -> entry.getValue().isSame(look(entry.getKey())));
  }

  Fingerprint fingerprint() {
    var marks = new LinkedHashMap<Asked, String>();
    seen.forEach((asked, found) -> marks.put(asked, found.mark()));
    return new Fingerprint(marks);
  }

  private Answer answer(Asked asked) {
    return seen.computeIfAbsent(asked, this::look).answer();
  }

  /** The identity first: the content that follows is then of this file, if both are found again. */
  private Seen look(Asked asked) {
    var identity = asked.identityIn(files);
    return new Seen(identity, asked.of(files));
  }

  private record Seen(Optional<String> identity, String mark, Answer answer) {
    Seen(Optional<String> identity, Answer answer) {
      this(identity, answer.mark(), answer);
    }

    boolean isSame(Seen other) {
      return identity.equals(other.identity) && mark.equals(other.mark);
    }
  }
}
