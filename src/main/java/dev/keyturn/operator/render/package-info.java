/**
 * From an {@code MCPExternalAuthConfig} and the servers that use it to what runs for them: the run
 * configuration, what is mounted, and when pods are replaced. Nothing here reads or writes
 * anything.
 */
@NullMarked
package dev.keyturn.operator.render;

import org.jspecify.annotations.NullMarked;
