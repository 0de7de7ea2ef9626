package dev.keyturn.config;

import dev.keyturn.config.Finding.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything found while one configuration is read. Not thread-safe: one reader, one list. */
public final class Findings {
  private final List<Finding> found = new ArrayList<>();
  private Optional<Instant> end = Optional.empty();

  /** Adds a mistake that keeps the server from starting. */
  public void error(String setting, String message) {
    found.add(new Finding(Severity.ERROR, setting, message));
  }

  /** Adds a mistake that is none any more from {@code time} on. */
  public void errorUntil(Instant time, String setting, String message) {
    error(setting, message);
    end = end.filter(time::isAfter).or(() -> Optional.of(time));
  }

  /** When the first mistake is none any more; empty if all stay. */
  public Optional<Instant> end() {
    return end;
  }

  /** Adds something that the operator should know. */
  public void warn(String setting, String message) {
    found.add(new Finding(Severity.WARNING, setting, message));
  }

  public List<Finding> all() {
    return List.copyOf(found);
  }

  public List<Finding> errors() {
    return found.stream().filter(finding -> finding.severity() == Severity.ERROR).toList();
  }

  public List<Finding> warnings() {
    return found.stream().filter(finding -> finding.severity() == Severity.WARNING).toList();
  }

  public boolean hasErrors() {
    return !errors().isEmpty();
  }
}
