/** Loads that show what the server does while its secrets are exchanged. */
package dev.keyturn.bench;
