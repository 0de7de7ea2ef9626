/**
 * From the authorization request to the code: validate, ask for consent, log in upstream, come
 * back.
 *
 * <ol>
 *   <li>{@link dev.keyturn.authorize.AuthorizeEndpoint} refuses whatever can be refused before
 *       anybody is sent anywhere, and shows the consent page. Nothing is stored: the request
 *       travels sealed in the page's form.
 *   <li>{@link dev.keyturn.authorize.ConsentEndpoint} accepts the form only from the browser that
 *       was shown it, stores the pending authorization, binds it to the browser by a cookie, and
 *       sends the browser to the identity provider.
 *   <li>{@link dev.keyturn.authorize.CallbackEndpoint} finishes the login in that browser only, and
 *       hands the client its code.
 * </ol>
 *
 * <p>What a code or a session is, is the business of {@code token}.
 */
@NullMarked
package dev.keyturn.authorize;

import org.jspecify.annotations.NullMarked;
