/**
 * Where everything that must outlive a request is kept: one small atomic port and its backends.
 *
 * <p>{@link dev.keyturn.store.KeyValueStore} is the contract; {@link dev.keyturn.store.Repository}
 * gives a concept its own typed key space above it. Nobody reads, decides and writes except by
 * {@code replace} on the version that was read.
 */
@NullMarked
package dev.keyturn.store;

import org.jspecify.annotations.NullMarked;
