package dev.keyturn.planted.store;

/** Planted: the embeddable core depends on the command line library. */
record Operated(picocli.CommandLine commandLine) {}
