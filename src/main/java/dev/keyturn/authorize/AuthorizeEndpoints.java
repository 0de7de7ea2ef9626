package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.client.Clients;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Pages;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.IdTokenHints;
import dev.keyturn.token.Sessions;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Vault;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

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
    Terms terms,
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
      Sessions sessions,
      Vault vault,
      HmacSecrets secrets,
      Audit audit,
      SecureRandom random,
      Clock clock) {
    Clients clients() {
      return authentication.clients();
    }
  }

  /** How people are asked, and for how long what they approve may go on. */
  public record Terms(ConsentConfig consent, Map<String, Scopes> used, Duration session) {
    public Terms {
      used = Map.copyOf(used);
    }
  }

  /** The endpoints. */
  public List<Endpoint> with(Means means) {
    var cookies = new BrowserCookies(issuer, browser, upstreamPosts, means.random(), means.clock());
    var site =
        new Site(issuer, browser, cookies, new Notices(means.pages(), issuer), means.audit());
    var persons = new PersonCookies(cookies, means.secrets(), means.random(), means.clock());
    var users = new Users(means.store(), means.clock());
    var memory = new Memory(terms.consent(), offer, terms.used(), users, persons, means.clock());
    var form = new ConsentForm(means.secrets(), means.random(), means.clock());
    var page = new ConsentPage(means.pages(), browser.route(ConsentEndpoint.PATH), upstream.name());
    var asking = new Asking(site, form, page);
    var judgement =
        new Judgement(new RequestRules(offer, upstreamKnowsPrompt, means.clock()), means.hints());
    var pushed = new PushedRequests(means.store(), means.random());
    var pending = new PendingAuthorizations(means.store());
    var departure =
        new Departure(
            site,
            pending,
            upstream,
            pushed,
            AddressQuota.ofLogins(means.store()),
            new Unguessable(means.random()));
    var arrival = arrival(means, memory, users);
    var greeting = new Greeting(persons, terms.consent().remembers());
    return List.of(
        new AuthorizeEndpoint(
            site, means.clients(), judgement, memory, asking, departure, upstream, pushed),
        new PushEndpoint(
            issuer,
            means.authentication(),
            judgement,
            AddressQuota.ofPushes(means.store()),
            pushed),
        new ConsentEndpoint(site, means.clients(), form, departure, arrival, greeting),
        new CallbackEndpoint(
            site,
            pending,
            upstream,
            new ClientLogins(site, means.clients(), arrival, asking, greeting, means.clock()),
            new AccountLogins(site, persons)),
        account(means, site, persons, users, departure));
  }

  private Arrival arrival(Means means, Memory memory, Users users) {
    var completion =
        new Completion(
            users, means.sessions(), means.codes(), terms.session(), means.audit(), means.clock());
    return new Arrival(
        upstream.name(),
        memory,
        users,
        means.vault(),
        completion,
        new WaitingLogins(means.store()),
        means.random());
  }

  private Endpoint account(
      Means means, Site site, PersonCookies persons, Users users, Departure departure) {
    return new AccountEndpoint(
        site,
        persons,
        new AccountForm(means.secrets(), means.random(), means.clock()),
        new AccountPage(
            means.pages(),
            browser.route(AccountEndpoint.PATH),
            upstream.name(),
            users,
            means.sessions()),
        new Undoing(users, means.sessions(), means.vault(), means.audit()),
        departure);
  }
}
