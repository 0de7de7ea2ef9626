/** The introspection endpoint, at which servers of the operator's ask what a token is good for. */
@NullMarked
package dev.keyturn.introspection;

import org.jspecify.annotations.NullMarked;
