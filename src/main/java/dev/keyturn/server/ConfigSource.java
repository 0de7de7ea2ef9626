package dev.keyturn.server;

import dev.keyturn.config.Finding;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Reading;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.secrets.WatchedFiles;
import java.nio.file.Path;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an embedded server's configuration comes from. */
@FunctionalInterface
interface ConfigSource {
  /**
   * The configuration; it reads files, so only a worker may ask.
   *
   * @param readers makes what reads one whole
   */
  Configured open(Function<SecretFiles, RunConfigReader> readers);

  /** One that was read before, and stays as it is. */
  static ConfigSource of(RunConfig config) {
    return readers -> new Configured(config, AuthorizationServer.unchanging(config));
  }

  /** A file; what it names is relative to the working folder, as for the command line. */
  static ConfigSource file(Path file) {
    return readers -> first(new WatchedConfig(file, new Disk(), readers, Warnings::log));
  }

  /** A text; what it names is relative to {@code folder}. */
  static ConfigSource document(String text, Path folder) {
    return readers -> first(WatchedConfig.of(text, folder, readers, Warnings::log));
  }

  private static Configured first(WatchedConfig watched) {
    var first = watched.first();
    if (first instanceof Reading.Bad<RunConfig> bad) {
      throw new ConfigurationException(bad.errors());
    }
    return new Configured(((Reading.Good<RunConfig>) first).value(), watched.files());
  }

  /** What the files said at the first look, and how to look again. */
  record Configured(RunConfig config, WatchedFiles<RunConfig> files) {}

  /** What an operator should know goes to the log. */
  final class Warnings {
    private static final Logger LOG = LoggerFactory.getLogger(AuthorizationServer.class);

    private Warnings() {}

    private static void log(Finding warning) {
      LOG.atWarn().setMessage(warning.toString()).log();
    }
  }
}
