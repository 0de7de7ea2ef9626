/**
 * Where a configuration comes from when it does not come from a file.
 *
 * <p>A {@link dev.keyturn.app.source.ConfigMapSource} keeps a {@link
 * dev.keyturn.app.source.LatestDocument} at the text of now, or at the reason why there is none.
 * What the text means is left to {@code server}.
 */
@NullMarked
package dev.keyturn.app.source;

import org.jspecify.annotations.NullMarked;
