/**
 * The files and variables that hold secrets, read for those who know what they mean, and read again
 * when they change.
 *
 * <p>{@link dev.keyturn.secrets.WatchedFiles} looks at everything that a reader asked for, through
 * a snapshot of one moment, and makes a {@link dev.keyturn.secrets.Generation} of it or says what
 * is wrong. {@link dev.keyturn.secrets.ChangeHints} says when a look may be worth while. When to
 * look, and what becomes of a generation, is the business of {@code server}.
 *
 * <p>This package knows files, not kinds: a concept hands in a function that makes its secret from
 * the bytes.
 */
@NullMarked
package dev.keyturn.secrets;

import org.jspecify.annotations.NullMarked;
