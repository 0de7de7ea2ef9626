/** Stories about the whole server over real HTTP, one file each. */
package dev.keyturn.flow;
