/**
 * The files and variables that hold secrets, read for those who know what they mean.
 *
 * <p>This package knows files, not kinds: a concept hands in a function that makes its secret from
 * the bytes.
 */
@NullMarked
package dev.keyturn.secrets;

import org.jspecify.annotations.NullMarked;
