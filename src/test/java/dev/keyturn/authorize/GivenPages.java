package dev.keyturn.authorize;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.client.Client;
import dev.keyturn.client.ClientName;
import dev.keyturn.given.RightToLeft;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Language;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.http.Routes;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.PkceChallenge;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
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
    return List.of(
        people("/consent", request -> consent(request, false)),
        people("/waiting", request -> consent(request, true)),
        people("/account", request -> account(request, SUBJECT)),
        people("/account-empty", request -> account(request, "u_nobody")),
        people("/account-login", request -> accountPage().invite(request, FIELDS)),
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
        .render(request, new PersonCookies.Visitor(subject, "Alice Liddell"), FIELDS);
  }

  private AccountPage accountPage() {
    return new AccountPage(pages, "/oauth/account", "github", listed.users(), listed.sessions());
  }

  private Future<Reply> consent(Request request, boolean finished) {
    var uri = client.redirectUris().get(0).value();
    var asked =
        new AuthorizationRequest(
            ReturnAddress.trusted(client, Optional.of(uri), Optional.empty()).orElseThrow(),
            Scopes.parse("openid profile email offline_access mcp:tools"),
            List.of("https://mcp.example.com/issues", "https://mcp.example.com/wiki"),
            Optional.of(new PkceChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")),
            Optional.empty(),
            Map.of(),
            Instant.EPOCH);
    var person = finished ? "Alice Liddell" : "";
    return new ConsentPage(pages, "/oauth/consent", "github")
        .render(
            request,
            new Question(
                asked,
                Scopes.parse("mcp:tools mcp:write"),
                Map.of("github", Scopes.parse("openid repo")),
                finished ? Optional.of("login") : Optional.empty()),
            client,
            new ConsentPage.Fields("sealed", "token", person));
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
