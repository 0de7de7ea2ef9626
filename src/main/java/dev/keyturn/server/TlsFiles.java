package dev.keyturn.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.secrets.Reading;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.secrets.WatchedFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Our own certificate and its key in two files that may change at any moment, outside of a
 * configuration.
 *
 * <p>A pair that cannot serve is refused whole, in the words of {@code server.tls}.
 */
public final class TlsFiles {
  private final String setting;
  private final Path certificate;
  private final Path key;
  private final Clock clock;
  private final Consumer<Finding> warnings;
  private volatile Optional<Listen.Tls> served = Optional.empty();

  /**
   * @param setting what names them, for findings
   * @param warnings is told what is worth knowing of a pair that is taken
   */
  public TlsFiles(
      String setting, Path certificate, Path key, Clock clock, Consumer<Finding> warnings) {
    this.setting = setting;
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
    this.warnings = warnings;
  }

  /** What follows them on {@code disk}. */
  public WatchedFiles<Listen.Tls> on(SecretFiles disk) {
    return new WatchedFiles<>(disk, this::read);
  }

  private Reading<Listen.Tls> read(SecretFiles files) {
    var findings = new Findings();
    var read =
        new TlsReader(new SecretReader(files, Map.of(), findings), clock, served)
            .read(Settings.parse(document(), Path.of(""), findings));
    if (read.isEmpty()) {
      return new Reading.Bad<>(named(findings.errors()));
    }
    served = read;
    named(findings.warnings()).forEach(warnings);
    return new Reading.Good<>(read.get());
  }

  private String document() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("cert_file", certificate.toString())
        .put("key_file", key.toString())
        .toString();
  }

  private List<Finding> named(List<Finding> findings) {
    return findings.stream()
        .map(finding -> new Finding(finding.severity(), setting, finding.message()))
        .toList();
  }
}
