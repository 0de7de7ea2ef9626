package dev.keyturn.app;

import dev.keyturn.secrets.SecretFiles;

/** Where {@code --config} leads, while a command goes by it. */
interface ConfigurationPlace extends AutoCloseable {
  /** As the operator spelled it. */
  String name();

  /** The text of now; what is wrong with the place is thrown in plain words. Blocks. */
  String read() throws Exception;

  /**
   * The files of this machine, and among them the configuration under its name. They are to be
   * looked at again and again: what changes is there.
   */
  SecretFiles files();

  @Override
  void close();
}
