/**
 * Reading settings, and naming each wrong one as the operator wrote it.
 *
 * <p>{@link dev.keyturn.config.Settings} walks one document; every concept reads its own part with
 * it. Nothing stops at the first mistake: what is wrong becomes a {@link
 * dev.keyturn.config.Finding}, and all are reported together. A field that nobody asked for is a
 * mistake too.
 */
@NullMarked
package dev.keyturn.config;

import org.jspecify.annotations.NullMarked;
