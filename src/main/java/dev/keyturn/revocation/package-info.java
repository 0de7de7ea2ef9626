/** The revocation endpoint, by which clients give back what they were given. */
@NullMarked
package dev.keyturn.revocation;

import org.jspecify.annotations.NullMarked;
