/**
 * The API server of the cluster that we run in, as far as it is asked: who we are there ({@link
 * dev.keyturn.operator.cluster.Pod}), bounded calls, and the few objects that are read.
 *
 * <p>Nothing here judges what it reads, and nothing is written: an access review is a question that
 * the API server answers and forgets.
 */
@NullMarked
package dev.keyturn.operator.cluster;

import org.jspecify.annotations.NullMarked;
