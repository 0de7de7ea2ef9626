/**
 * The identity providers: where people log in, and whose tokens Keyturn keeps for them.
 *
 * <p>{@link dev.keyturn.upstream.Upstreams} reads the configuration. An {@link
 * dev.keyturn.upstream.UpstreamVerticle} owns each provider; everybody else asks it through {@link
 * dev.keyturn.upstream.UpstreamOverBus}. A login is an authorization request ({@code begin}), then
 * code, tokens and identity ({@code finish}); keeping the tokens is left to the vault.
 *
 * <p>Vert.x' {@code vertx-auth-oauth2} writes the authorization requests and no more. Its other
 * calls have no bound in size, hide statuses and error names, and report success for forged and
 * expired ID tokens; so requests go through {@link dev.keyturn.http.OutgoingHttp}, and Nimbus
 * decides about signatures.
 */
@NullMarked
package dev.keyturn.upstream;

import org.jspecify.annotations.NullMarked;
