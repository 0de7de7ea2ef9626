package dev.keyturn.server;

/**
 * What a server opens by itself.
 *
 * @param port its own public port; else it lives in the router of an application
 * @param management the management port
 * @param closesStore whether the store ends with the server
 */
record Exposure(boolean port, boolean management, boolean closesStore) {
  /** What a process that is nothing but Keyturn opens. */
  static final Exposure STANDALONE = new Exposure(true, true, true);
}
