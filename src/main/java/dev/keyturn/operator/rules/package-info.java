/**
 * What is right and wrong about a resource, beyond what its schema says.
 *
 * <p>A resource is rendered, and the server's own reader judges the run configuration; what it
 * finds is told in the names of the resource. So no rule is written down twice.
 */
@NullMarked
package dev.keyturn.operator.rules;

import org.jspecify.annotations.NullMarked;
