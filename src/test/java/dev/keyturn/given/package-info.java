/** Fixtures: fake providers and other things that tests are given. */
package dev.keyturn.given;
