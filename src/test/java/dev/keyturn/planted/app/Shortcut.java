package dev.keyturn.planted.app;

/** Planted: the command line uses what is for the demonstration. */
record Shortcut(dev.keyturn.planted.idp.Provider provider) {}
