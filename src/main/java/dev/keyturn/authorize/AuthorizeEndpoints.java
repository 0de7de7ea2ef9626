package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.client.Clients;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Pages;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.IdTokenHints;
import dev.keyturn.token.Sessions;
import dev.keyturn.user.LoginPointers;
import dev.keyturn.user.Users;
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
 * @param ways the upstreams, where people log in and link accounts
 */
public record AuthorizeEndpoints(
    Issuer issuer, Issuer browser, Offer offer, Terms terms, Ways ways) {
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
  public record Terms(ConsentConfig consent, Duration session) {}

  /** The endpoints. */
  public List<Endpoint> with(Means means) {
    var cookies = new BrowserCookies(issuer, browser, false, means.random(), means.clock());
    var site =
        new Site(issuer, browser, cookies, new Notices(means.pages(), issuer), means.audit());
    var persons = new PersonCookies(cookies, means.secrets(), means.random(), means.clock());
    var users = new Users(means.store(), means.clock());
    var memory = new Memory(terms.consent(), offer, users, persons, means.clock());
    var form = new ConsentForm(means.secrets(), means.random(), means.clock());
    var page = new ConsentPage(means.pages(), browser.route(ConsentEndpoint.PATH));
    var asking = new Asking(site, form, page);
    var judgement =
        new Judgement(new RequestRules(offer, ways.knowPrompt(), means.clock()), means.hints());
    var pushed = new PushedRequests(means.store(), means.random());
    var pending = new PendingAuthorizations(means.store());
    var departure =
        new Departure(
            site,
            pending,
            pushed,
            AddressQuota.ofLogins(means.store()),
            new Unguessable(means.random()));
    var arrival = arrival(means, memory, users);
    var greeting = new Greeting(persons, terms.consent().remembers());
    var conclusion = new Conclusion(site, means.clients(), arrival, asking, greeting);
    var linking = linking(means, site, users, departure, conclusion);
    var choosing = choosing(means, site);
    var entrance = new Entrance(ways, memory, asking, choosing, departure);
    return List.of(
        new AuthorizeEndpoint(site, means.clients(), judgement, memory, entrance, pushed),
        new ChooseEndpoint(site, means.clients(), ways, choosing, entrance),
        new PushEndpoint(
            issuer,
            means.authentication(),
            judgement,
            AddressQuota.ofPushes(means.store()),
            pushed),
        new ConsentEndpoint(site, means.clients(), form, ways, departure, arrival, greeting),
        new CallbackEndpoint(
            site,
            pending,
            ways,
            linking.links(),
            new ClientLogins(
                arrival,
                new Legs(ways, users, means.vault()),
                linking.links(),
                conclusion,
                means.clock()),
            new AccountLogins(site, persons, means.clock())),
        linking.endpoint(ways, site, persons, departure, means.clock()),
        account(means, site, persons, users, departure));
  }

  private Choosing choosing(Means means, Site site) {
    return new Choosing(
        site,
        means.pages(),
        means.secrets(),
        means.random(),
        ways.identities().stream().map(Way::name).toList(),
        means.clock());
  }

  private LinkingParts linking(
      Means means, Site site, Users users, Departure departure, Conclusion conclusion) {
    var form = new LinkForm(means.secrets(), means.random(), means.clock());
    var waiting = new WaitingLinks(means.store(), means.random());
    var asking = new LinkAsking(site, waiting, form, new LinkPage(means.pages()));
    var tokens =
        new LinkedTokens(
            users,
            means.vault(),
            new LoginPointers(means.store(), terms::session),
            terms.session(),
            means.audit(),
            means.clock());
    var links = new Links(site, ways, departure, tokens, asking, conclusion, means.clock());
    return new LinkingParts(form, waiting, asking, links);
  }

  /** What has to do with links, for those who lead there. */
  private record LinkingParts(LinkForm form, WaitingLinks waiting, LinkAsking asking, Links links) {
    Endpoint endpoint(
        Ways ways, Site site, PersonCookies persons, Departure departure, Clock clock) {
      return new LinkEndpoint(site, ways, persons, form, asking, waiting, links, departure, clock);
    }
  }

  private Arrival arrival(Means means, Memory memory, Users users) {
    var completion =
        new Completion(
            users, means.sessions(), means.codes(), terms.session(), means.audit(), means.clock());
    return new Arrival(
        memory,
        users,
        means.vault(),
        completion,
        new WaitingLogins(means.store()),
        new LoginPointers(means.store(), terms::session),
        means.random());
  }

  private Endpoint account(
      Means means, Site site, PersonCookies persons, Users users, Departure departure) {
    return new AccountEndpoint(
        site,
        persons,
        new AccountForm(means.secrets(), means.random(), means.clock()),
        new AccountPage(
            means.pages(), browser.route(AccountEndpoint.PATH), ways, users, means.sessions()),
        new Undoing(users, means.sessions(), means.vault(), means.audit()),
        ways,
        departure);
  }
}
