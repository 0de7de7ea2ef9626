/**
 * From manifests of ToolHive to ours: what means the same is carried over, and all that does not is
 * named with the reason.
 *
 * <p>The manifests are read as trees, for both of their versions; what is written is read back by
 * our own model, and judged by our own rules, before anybody sees it.
 */
@NullMarked
package dev.keyturn.operator.convert;

import org.jspecify.annotations.NullMarked;
