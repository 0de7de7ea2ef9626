/**
 * HTTP as the endpoints see it: a {@link dev.keyturn.http.Request} comes in, a {@link
 * dev.keyturn.http.Reply} goes out, and {@link dev.keyturn.http.Routes} takes care of everything
 * that no endpoint may forget.
 *
 * <p>An {@link dev.keyturn.http.Endpoint} names its paths and brings its own server metadata, so
 * that what is not mounted cannot be advertised. Refusals are thrown as {@link
 * dev.keyturn.oauth.OAuthException}; whether they become JSON or a page is decided here, by place.
 *
 * <p>Pages are {@link dev.keyturn.http.Pages}: templates without a word, and {@link
 * dev.keyturn.http.Messages} of the {@link dev.keyturn.http.Language} that suits the request. To
 * add a language is a file in each package and a line in {@code Language.all()}.
 */
@NullMarked
package dev.keyturn.http;

import org.jspecify.annotations.NullMarked;
