/** The command line of the jar: it parses, wires the process, and prints. */
@NullMarked
package dev.keyturn.app;

import org.jspecify.annotations.NullMarked;
