/**
 * The event bus with types: an {@link dev.keyturn.bus.Address} answers, a {@link
 * dev.keyturn.bus.Topic} announces.
 *
 * <p>Messages are immutable objects handed over by reference inside this process. The codec refuses
 * the wire, so a private key can never reach another node of a clustered bus.
 */
@NullMarked
package dev.keyturn.bus;

import org.jspecify.annotations.NullMarked;
