/**
 * Keyturn on Kubernetes: its resources, their admission, and what they are rendered to.
 *
 * <p>Nothing of the server below knows of it; it knows the server's run configuration and nothing
 * more.
 */
@NullMarked
package dev.keyturn.operator;

import org.jspecify.annotations.NullMarked;
