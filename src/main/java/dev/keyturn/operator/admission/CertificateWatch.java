package dev.keyturn.operator.admission;

import dev.keyturn.config.Finding;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Look;
import dev.keyturn.secrets.WatchedFiles;
import dev.keyturn.server.Listen;
import dev.keyturn.server.TlsFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our certificate and its key in a mounted Secret of type {@code kubernetes.io/tls}. */
final class CertificateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final String SETTING = "--tls-dir";
  private static final int ATTEMPTS = 100;

  private final WatchedFiles<Listen.Tls> files;

  CertificateWatch(Path mount, Clock clock) {
    files =
        new TlsFiles(
                SETTING,
                mount.resolve("tls.crt"),
                mount.resolve("tls.key"),
                clock,
                finding -> LOG.atWarn().setMessage(finding.toString()).log())
            .on(new Disk());
  }

  /**
   * The pair to begin with. Blocks.
   *
   * @throws IllegalArgumentException if there is none that can be served, in words for the operator
   */
  Listen.Tls first() {
    var look = look();
    for (int i = 0; i < ATTEMPTS && look instanceof Look.Unsettled; i++) {
      look = look();
    }
    if (look instanceof Look.Accepted<Listen.Tls> accepted) {
      return accepted.generation().value();
    }
    throw new IllegalArgumentException(
        look instanceof Look.Rejected<Listen.Tls> rejected
            ? rejected.errors().stream().map(Finding::toString).collect(Collectors.joining("; "))
            : SETTING + " changes all the time: wait until nobody writes there");
  }

  /** What a look brings. Blocks. */
  Look<Listen.Tls> look() {
    return files.look();
  }

  static List<String> inWords(Look.Rejected<Listen.Tls> rejected) {
    return rejected.errors().stream().map(Finding::toString).toList();
  }
}
