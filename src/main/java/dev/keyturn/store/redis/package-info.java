/**
 * A store in Redis, for several processes: one server, a set that Sentinel watches, or a Cluster.
 *
 * <p>{@link dev.keyturn.store.redis.RedisStore} hands each operation to the event loop that it was
 * called on. There {@code Loop} owns the connections, {@code Router} knows who has a key, and
 * {@code Call} carries one operation through: it is sent again only where it was surely not carried
 * out; where that is unknown, the stamp of the writer is looked for, and where it is not found the
 * operation fails. Each operation is one command or one script on one key, so that nothing is ever
 * half done.
 */
@NullMarked
package dev.keyturn.store.redis;

import org.jspecify.annotations.NullMarked;
