package dev.keyturn.authorize;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.client.Client;
import dev.keyturn.client.ClientName;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.given.RightToLeft;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Language;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.http.Routes;
import dev.keyturn.logout.GivenLogoutPages;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.PkceChallenge;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.upstream.Role;
import dev.keyturn.upstream.UpstreamOverBus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Every page at an address of its own, in every language and in one from right to left. */
final class GivenPages implements Endpoint, AutoCloseable {
  static final Client STRANGER = client(Client.Kind.REGISTERED, "Claude Code", Map.of());

  private static final Issuer ISSUER = new Issuer("https://auth.example.com");

  private static final String SUBJECT = "u_alice";
  private static final AccountPage.Fields FIELDS = new AccountPage.Fields("sealed", "token");

  private final GivenUser listed = GivenUser.somebody(SUBJECT);
  private static final WaitingLink.Found FOUND =
      new WaitingLink.Found("583231", "alice-codes", "alice@codes.example", "repo", "repo");

  private final SecureRandom random = new SecureRandom();
  private final HmacSecrets secrets = HmacSecrets.ephemeral(random);
  private final Clock clock = Clock.systemUTC();
  private final Vertx vertx = Vertx.vertx();
  private final Pages pages = Pages.create(vertx, ISSUER, languages());
  private final Client client;
  private final HttpServer server;

  private GivenPages(Client client) {
    this.client = client;
    var router = Router.router(vertx);
    new Routes(new Refusals(pages), new SecureRandom())
        .mount(router, List.of(this, pages.assets()));
    server = done(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
  }

  static GivenPages of(Client client) {
    return new GivenPages(client);
  }

  static Client client(Client.Kind kind, String name, Map<String, String> localNames) {
    return new Client(
        "c1",
        kind,
        new ClientName(name, localNames),
        List.of(new RedirectUri("http://127.0.0.1:3118/callback")),
        Set.of(Client.AUTHORIZATION_CODE),
        Optional.empty(),
        List.of());
  }

  /** The paths of all pages. */
  static List<String> paths() {
    var notices = Stream.of(Notice.values()).map(notice -> "/notice/" + notice.name());
    return Stream.concat(
            Stream.of(
                "/consent",
                "/waiting",
                "/account",
                "/account-empty",
                "/account-login",
                "/choose",
                "/link-start",
                "/link-login",
                "/link-confirm",
                "/link-refused",
                "/link-away",
                "/logout-ask",
                "/logout-done",
                "/logout-forgotten",
                "/logout-stayed",
                "/logout-foreign",
                "/unavailable",
                "/broken",
                "/refused",
                "/back"),
            notices.map(path -> path.toLowerCase(Locale.ROOT)))
        .toList();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  @Override
  public List<Route> routes() {
    var ofLogout =
        new GivenLogoutPages(pages, client)
            .all().entrySet().stream().map(page -> people(page.getKey(), page.getValue()::apply));
    return Stream.concat(ofLogout, ofLogin().stream()).toList();
  }

  private List<Route> ofLogin() {
    return List.of(
        people("/consent", request -> consent(request, false)),
        people("/waiting", request -> consent(request, true)),
        people("/account", request -> account(request, SUBJECT)),
        people("/account-empty", request -> account(request, "u_nobody")),
        people("/account-login", request -> accountPage().invite(request, FIELDS)),
        people("/choose", this::choose),
        people("/link-start", request -> linking().start(request, "github", visitor())),
        people("/link-login", request -> linking().logIn(request, "github", List.of("company"))),
        people(
            "/link-confirm", request -> linking().confirm(request, Purpose.ACCOUNT, half(), FOUND)),
        people("/link-refused", request -> failed(request, ErrorCode.ACCESS_DENIED.because(""))),
        people("/link-away", request -> failed(request, away())),
        people("/notice/:name", this::notice),
        people("/unavailable", request -> Future.failedFuture(away())),
        people("/broken", request -> Future.failedFuture(new IllegalStateException("on purpose"))),
        people("/refused", GivenPages::refuse),
        people("/back", this::back));
  }

  @Override
  public void close() {
    done(vertx.close());
  }

  private static Route people(String path, Route.Action action) {
    return Route.forPeople(
        List.of(path),
        Set.of("GET"),
        request -> {
          request.query().find("ui_locales").ifPresent(request::preferLocales);
          return action.answer(request);
        });
  }

  private Future<Reply> account(Request request, String subject) {
    return accountPage()
        .render(
            request,
            new PersonCookies.Visitor(
                subject, "Alice Liddell", "alice@example.com", "company", Instant.EPOCH),
            FIELDS);
  }

  private AccountPage accountPage() {
    return new AccountPage(
        pages, "/oauth/account", ways("company", "github"), listed.users(), listed.sessions());
  }

  private Future<Reply> choose(Request request) {
    return new Choosing(site(), pages, secrets, random, List.of("company", "google"), clock)
        .ask(request, client, asked());
  }

  private Future<Reply> failed(Request request, Throwable failure) {
    return linking().failed(request, Purpose.ACCOUNT, half(), failure);
  }

  private LinkAsking linking() {
    return new LinkAsking(
        site(),
        new WaitingLinks(new MemoryStore(clock, 100), random),
        new LinkForm(secrets, random, clock),
        new LinkPage(pages));
  }

  private static PersonCookies.Visitor visitor() {
    return new PersonCookies.Visitor(
        SUBJECT, "Alice Liddell", "alice@example.com", "company", Instant.EPOCH);
  }

  /** Somebody who has logged in and whose account at a further upstream is next. */
  private static Linking half() {
    return new Linking(Arrived.of(visitor()), List.of("github"));
  }

  private Ways ways(String... names) {
    var role = new Role(true, false, Optional.empty());
    return new Ways(
        Stream.of(names)
            .map(name -> new UpstreamOverBus(vertx, "", name))
            .map(upstream -> new Way(upstream, role, Scopes.NONE, true, false, false))
            .toList(),
        List.of());
  }

  private Site site() {
    var cookies = new BrowserCookies(ISSUER, ISSUER, false, random, clock);
    return new Site(ISSUER, ISSUER, cookies, new Notices(pages, ISSUER), (kind, details) -> {});
  }

  private Future<Reply> consent(Request request, boolean finished) {
    var asked = asked();
    var person = finished ? "Alice Liddell" : "";
    return new ConsentPage(pages, "/oauth/consent")
        .render(
            request,
            new Question(
                asked,
                Scopes.parse("mcp:tools mcp:write"),
                "company",
                Map.of("company", Scopes.parse("openid profile"), "github", Scopes.parse("repo")),
                finished ? Optional.of("login") : Optional.empty()),
            client,
            new ConsentPage.Fields("sealed", "token", person));
  }

  private AuthorizationRequest asked() {
    var uri = client.redirectUris().get(0).value();
    return new AuthorizationRequest(
        ReturnAddress.trusted(client, Optional.of(uri), Optional.empty()).orElseThrow(),
        Scopes.parse("openid profile email offline_access mcp:tools"),
        List.of("https://mcp.example.com/issues", "https://mcp.example.com/wiki"),
        Optional.of(new PkceChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")),
        Optional.empty(),
        Map.of(),
        Instant.EPOCH);
  }

  private Future<Reply> notice(Request request) {
    var notice = Notice.valueOf(request.pathParameter("name").toUpperCase(Locale.ROOT));
    return new Notices(pages, ISSUER).page(request, notice);
  }

  private Future<Reply> back(Request request) {
    var address = new ReturnAddress("c1", "https://app.example.com/cb", Optional.empty(), false);
    var error = ErrorCode.INVALID_REQUEST.because("code_challenge is missing: PKCE is required");
    return new Notices(pages, ISSUER).refuse(request, address, error.error());
  }

  private static Future<Reply> refuse(Request request) {
    throw ErrorCode.INVALID_REQUEST.because("parameter state is repeated");
  }

  private static UnavailableException away() {
    return new UnavailableException("on purpose", Duration.ofSeconds(7));
  }

  private static List<Language> languages() {
    return Stream.concat(Language.all().stream(), Stream.of(RightToLeft.language())).toList();
  }
}
