/**
 * The store in one file: durable when acknowledged, for one process.
 *
 * <p>{@link dev.keyturn.store.file.FileStore} is the backend. What changes an entry waits in a
 * bounded queue; {@link dev.keyturn.store.file.Writer}, one thread, takes many changes at once,
 * decides each of them, writes all with one flush to the disk, and only then answers. Reads run on
 * threads of their own and see nothing that a crash could still undo. {@link
 * dev.keyturn.store.file.StoreFolder} is the folder: data, lock, and the vault key that is made
 * beside it.
 */
@NullMarked
package dev.keyturn.store.file;

import org.jspecify.annotations.NullMarked;
