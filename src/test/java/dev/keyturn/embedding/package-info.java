/** What somebody writes who runs Keyturn inside an application: public API only. */
package dev.keyturn.embedding;
