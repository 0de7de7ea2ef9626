package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.oauth.Issuer;

/**
 * What the endpoints for browsers share.
 *
 * @param issuer who we are
 * @param browser where browsers find us: {@code authorization_endpoint_base_url}, or the issuer
 */
record Site(Issuer issuer, Issuer browser, BrowserCookies cookies, Notices notices, Audit audit) {}
