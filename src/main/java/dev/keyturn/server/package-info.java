/**
 * The embeddable thing: {@link dev.keyturn.server.AuthorizationServer} wires the concepts below
 * into verticles and starts them.
 *
 * <p>{@link dev.keyturn.server.RunConfig} is what it is made from, with every secret resolved;
 * {@link dev.keyturn.server.RunConfigReader} makes one from a configuration document. All that is
 * offered is named in {@link dev.keyturn.server.Wiring}, line by line.
 */
@NullMarked
package dev.keyturn.server;

import org.jspecify.annotations.NullMarked;
