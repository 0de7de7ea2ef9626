package dev.keyturn.server;

import dev.keyturn.config.Finding;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that no server can be made from, and all that is wrong with it. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  ConfigurationException(List<Finding> findings) {
    super(
        findings.stream().map(Finding::toString).collect(Collectors.joining("; ")),
        null,
        false,
        false);
    this.findings = List.copyOf(findings);
  }

  /** Each names its setting; none holds a secret. */
  public List<Finding> findings() {
    return findings;
  }
}
