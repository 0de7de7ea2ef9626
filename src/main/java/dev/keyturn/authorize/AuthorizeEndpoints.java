package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.AuthenticationGuard;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.client.Clients;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Pages;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.IdTokenHints;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.vault.Vault;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * The endpoints between the authorization request and the code.
 *
 * @param issuer who we are
 * @param browser where browsers find us: {@code authorization_endpoint_base_url}, or the issuer
 * @param upstream who logs people in
 * @param upstreamKnowsPrompt whether the upstream speaks OpenID Connect
 * @param upstreamPosts whether the upstream answers with a form POST
 */
public record AuthorizeEndpoints(
    Issuer issuer,
    Issuer browser,
    Offer offer,
    Upstream upstream,
    boolean upstreamKnowsPrompt,
    boolean upstreamPosts) {
  /** How long what cookie secrets authenticate may be used. */
  public static final Duration LONGEST_FORM = ConsentForm.LIFE;

  /** What they work with. */
  public record Means(
      Pages pages,
      ClientAuthentication authentication,
      KeyValueStore store,
      AuthorizationCodes codes,
      IdTokenHints hints,
      Vault vault,
      HmacSecrets secrets,
      Audit audit,
      SecureRandom random,
      Clock clock) {
    Clients clients() {
      return authentication.clients();
    }
  }

  /** The endpoints. */
  public List<Endpoint> with(Means means) {
    var cookies = new BrowserCookies(issuer, browser, upstreamPosts, means.random(), means.clock());
    var site =
        new Site(issuer, browser, cookies, new Notices(means.pages(), issuer), means.audit());
    var form = new ConsentForm(means.secrets(), means.random(), means.clock());
    var page = new ConsentPage(means.pages(), browser.route(ConsentEndpoint.PATH), upstream.name());
    var judgement =
        new Judgement(new RequestRules(offer, upstreamKnowsPrompt, means.clock()), means.hints());
    var pushed = new PushedRequests(means.store(), means.random());
    var pending = new PendingAuthorizations(means.store());
    var completion =
        new Completion(
            upstream.name(), means.vault(), means.codes(), means.random(), means.audit());
    return List.of(
        new AuthorizeEndpoint(site, means.clients(), judgement, form, page, upstream, pushed),
        new PushEndpoint(
            issuer,
            means.authentication(),
            judgement,
            AddressQuota.ofPushes(means.store()),
            pushed),
        new ConsentEndpoint(
            site,
            means.clients(),
            form,
            pending,
            upstream,
            pushed,
            AddressQuota.ofLogins(means.store()),
            means.random()),
        new CallbackEndpoint(site, pending, upstream, completion, means.clock()));
  }
}
