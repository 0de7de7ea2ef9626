package dev.keyturn.planted.store;

/** Planted: the embeddable core depends on the command line library, and ends the process. */
record Operated(picocli.CommandLine commandLine) {
  static void end() {
    System.exit(1);
  }
}
