/** The authorization server metadata: what the mounted endpoints say of themselves, joined. */
@NullMarked
package dev.keyturn.discovery;

import org.jspecify.annotations.NullMarked;
