/**
 * Who the clients are: pre-registered in the configuration, or registered by themselves.
 *
 * <p>{@link dev.keyturn.client.Clients} finds one by its {@code client_id}, {@link
 * dev.keyturn.client.AllClients} asks the kinds in order; everything above asks the {@link
 * dev.keyturn.client.Client} what it may do. What a client may register, and how often, is decided
 * by {@code registration}.
 */
@NullMarked
package dev.keyturn.client;

import org.jspecify.annotations.NullMarked;
