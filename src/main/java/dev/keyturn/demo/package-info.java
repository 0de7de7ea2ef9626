/**
 * The whole MCP login flow on loopback without any configuration: a built-in identity provider, the
 * server as it is everywhere else, and a small MCP server behind its gateway.
 */
@NullMarked
package dev.keyturn.demo;

import org.jspecify.annotations.NullMarked;
