/**
 * The gateway: an OAuth 2.0 protected resource that stands in front of MCP servers.
 *
 * <p>A request finds its {@link dev.keyturn.gateway.Backend} by its raw path, shows a bearer token,
 * and trades it for what the backend's {@link dev.keyturn.gateway.Outgoing} kind gives; then it is
 * streamed both ways. The client's own credentials end here. What a valid token is, is the business
 * of {@code token}; whose upstream token is kept, and how it stays fresh, that of {@code vault}.
 *
 * <p>Requests are passed on by Vert.x' own HTTP client, not by vertx-http-proxy. The latter holds
 * the head of an answer back until the first byte of its body, so that an idle event stream never
 * opens; it gathers the whole answer in memory for an HTTP/1.0 client; it cannot pass on a body
 * without a length that came by HTTP/2; and it answers failures in a form of its own. What is left
 * of it once these are worked around is the pair of pipes in {@link dev.keyturn.gateway.Exchange}.
 */
@NullMarked
package dev.keyturn.gateway;

import org.jspecify.annotations.NullMarked;
