package dev.keyturn.secrets;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Finding.Severity;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Files that may change at any time, taken as whole generations: all of the good ones, nothing of a
 * bad one.
 *
 * <p>A generation comes from one moment (see {@link Snapshot}). A change is taken when a second
 * look finds the same: whoever writes a file in place may be halfway, and half of a long HMAC
 * secret is a good HMAC secret. The first look has nothing to go on with, so it does not wait.
 *
 * <p>Which files are watched is what the reader asked for. Its verdict must depend on nothing else,
 * since it is not asked again about the same content, unless it said that time may change it.
 */
public final class WatchedFiles<T> {
  private final SecretFiles disk;
  private final Function<SecretFiles, Reading<T>> reader;

  /** What the generation in force was made of. */
  private Optional<Fingerprint> good = Optional.empty();

  /** What the last verdict was about, good or bad. */
  private Optional<Fingerprint> judged = Optional.empty();

  /** Whether that was a refusal which time may have ended. */
  private BooleanSupplier isOver = () -> false;

  /** What waits for a second look. */
  private Optional<Candidate<T>> candidate = Optional.empty();

  private boolean isFirst = true;
  private long number;
  private volatile Set<Path> directories = Set.of();

  /**
   * @param reader makes a value of files; it is told only through its argument what is in them
   */
  public WatchedFiles(SecretFiles disk, Function<SecretFiles, Reading<T>> reader) {
    this.disk = disk;
    this.reader = reader;
  }

  /** Looks at all files once. Blocks as long as the disk does. */
  public synchronized Look<T> look() {
    var look = compare();
    isFirst = false;
    directories = directoriesNow();
    return look;
  }

  /** The directories that hold what was last asked for, there or not. Never blocks. */
  public Set<Path> directories() {
    return directories;
  }

  private Look<T> compare() {
    if (stands(judged)) {
      candidate = Optional.empty();
      return isOver.getAsBoolean() ? judgeAgain() : new Look.Unchanged<>();
    }
    if (!good.equals(judged) && stands(good)) {
      judged = good;
      isOver = () -> false;
      candidate = Optional.empty();
      return new Look.Recovered<>();
    }
    var waiting = candidate;
    candidate = Optional.empty();
    return stands(waiting.map(Candidate::fingerprint)) ? judge(waiting.get()) : readAgain();
  }

  private Look<T> readAgain() {
    var snapshot = new Snapshot(disk);
    var reading = read(snapshot);
    if (!snapshot.stands()) {
      return new Look.Unsettled<>();
    }
    var read = new Candidate<>(snapshot.fingerprint(), reading);
    if (isFirst) {
      return judge(read);
    }
    candidate = Optional.of(read);
    return new Look.Unsettled<>();
  }

  /** The same content has been there since it was refused, so it need not be found twice. */
  private Look<T> judgeAgain() {
    var snapshot = new Snapshot(disk);
    var reading = read(snapshot);
    return snapshot.stands() && stands(judged)
        ? judge(new Candidate<>(snapshot.fingerprint(), reading))
        : new Look.Unsettled<>();
  }

  private Look<T> judge(Candidate<T> read) {
    judged = Optional.of(read.fingerprint);
    isOver = () -> false;
    if (read.reading instanceof Reading.Bad<T> bad) {
      isOver = bad.isOver();
      return new Look.Rejected<>(bad.errors());
    }
    good = judged;
    number++;
    return new Look.Accepted<>(new Generation<>(number, ((Reading.Good<T>) read.reading).value()));
  }

  /** A content that a reader stumbles over is a bad one; it must not end the watching. */
  private Reading<T> read(Snapshot snapshot) {
    try {
      return reader.apply(snapshot);
    } catch (RuntimeException e) {
      // Without its message, which may hold what was read.
      var stumbled = "the configuration or a file that it names cannot be read: ";
      return new Reading.Bad<>(
          List.of(new Finding(Severity.ERROR, "", stumbled + e.getClass().getSimpleName())));
    }
  }

  private boolean stands(Optional<Fingerprint> fingerprint) {
    return fingerprint.isPresent() && fingerprint.get().standsIn(disk);
  }

  private Set<Path> directoriesNow() {
    var all = new HashSet<Path>();
    Stream.of(good, judged, candidate.map(Candidate::fingerprint))
        .flatMap(Optional::stream)
        .map(Fingerprint::directories)
        .forEach(all::addAll);
    return Set.copyOf(all);
  }

  private record Candidate<T>(Fingerprint fingerprint, Reading<T> reading) {}
}
