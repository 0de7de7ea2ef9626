/**
 * A small MCP server on loopback, for the demonstration and for tests: streamable HTTP, no session.
 *
 * <p>{@link dev.keyturn.mcp.SampleMcpServer} listens, {@code RpcEndpoint} reads JSON-RPC messages
 * and answers them by {@code Protocol}, whose tools are {@code Tools}; {@code EventStreams} keeps
 * the streams that clients hold open. What a bearer token stands for is asked of a function that
 * the caller gives.
 */
@NullMarked
package dev.keyturn.mcp;

import org.jspecify.annotations.NullMarked;
