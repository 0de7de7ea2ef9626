/**
 * What somebody may have to account for later: logins, consents, tokens, refusals that matter.
 *
 * <p>An event names clients, sessions and outcomes. It never holds a token, a code, a secret or a
 * claim about a person.
 */
@NullMarked
package dev.keyturn.audit;

import org.jspecify.annotations.NullMarked;
