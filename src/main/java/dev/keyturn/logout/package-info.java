/**
 * The end of logins: by a client that sends its person here, by a provider that says so, and what
 * follows when a session has ended.
 */
@NullMarked
package dev.keyturn.logout;

import org.jspecify.annotations.NullMarked;
