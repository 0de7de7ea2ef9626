/**
 * The objects of a cluster that are made of our resources, as they are applied: a Keyturn with all
 * that belongs to it, an MCP server's image, the routes to both, and statuses. Nothing here reads
 * or writes anything.
 */
@NullMarked
package dev.keyturn.operator.objects;

import org.jspecify.annotations.NullMarked;
