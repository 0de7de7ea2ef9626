/**
 * The upstream tokens: sealed in the store, opened for one request, refreshed when they are due.
 *
 * <p>Whose they are is part of what they are sealed with, so an entry that was moved or swapped in
 * the store does not open.
 */
@NullMarked
package dev.keyturn.vault;

import org.jspecify.annotations.NullMarked;
