package dev.keyturn.store;

/**
 * A value as it was read, and the version that a replacement must still find.
 *
 * @param version changes with every write and is never used twice for one key
 */
public record Versioned<T>(T value, long version) {}
