/**
 * The reconciler: watches our resources, makes of them what the rendering says, and tells in their
 * statuses what is in force.
 *
 * <p>One process is elected ({@link dev.keyturn.operator.reconcile.Leadership}); for as long as it
 * leads there is a {@link dev.keyturn.operator.reconcile.Shift} with all that is watched and a
 * bounded queue of resources to look at. A look compares everything that is wanted with what is
 * there, however it came about, so that nothing is lost when an event is. What it asks and does
 * goes through two ports, {@link dev.keyturn.operator.reconcile.Stock} and {@link
 * dev.keyturn.operator.reconcile.Hands}.
 */
@NullMarked
package dev.keyturn.operator.reconcile;

import org.jspecify.annotations.NullMarked;
