package dev.keyturn.authorize;

import dev.keyturn.http.Language;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.token.Session;
import dev.keyturn.token.Sessions;
import dev.keyturn.user.Decision;
import dev.keyturn.user.LinkedAccount;
import dev.keyturn.user.ListedSession;
import dev.keyturn.user.NamedClient;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The page that lists what somebody has approved, which sessions go on, and which accounts. */
final class AccountPage {
  private final Pages pages;
  private final String action;
  private final Ways ways;
  private final Users users;
  private final Sessions sessions;

  /**
   * @param action the path that the form is sent to
   */
  AccountPage(Pages pages, String action, Ways ways, Users users, Sessions sessions) {
    this.pages = pages;
    this.action = action;
    this.ways = ways;
    this.users = users;
    this.sessions = sessions;
  }

  /** What the form sends back: the sealed content, and the token that binds it to the browser. */
  record Fields(String request, String token) {}

  /** The page for somebody who has not logged in yet. */
  Future<Reply> invite(Request http, Fields fields) {
    return pages.render(
        pages.languageFor(http.languageWish()),
        200,
        "authorize/account-login",
        Map.of(
            "upstreams",
            ways.identities().stream().map(Way::name).toList(),
            "action",
            action,
            "request",
            fields.request(),
            "token",
            fields.token()));
  }

  Future<Reply> render(Request http, PersonCookies.Visitor visitor, Fields fields) {
    var language = pages.languageFor(http.languageWish());
    return users
        .find(visitor.subject())
        .compose(
            user ->
                alive(user)
                    .compose(
                        going ->
                            pages.render(
                                language,
                                200,
                                "authorize/account",
                                Map.of(
                                    "person", visitor.name(),
                                    "links", links(visitor, user),
                                    "decisions", new Lists(language).decisions(user),
                                    "sessions", new Lists(language).sessions(going),
                                    "accounts", new Lists(language).accounts(user),
                                    "action", action,
                                    "request", fields.request(),
                                    "token", fields.token()))));
  }

  /** The upstreams at which no account is linked yet, and where to link one. */
  private List<Map<String, String>> links(PersonCookies.Visitor visitor, User user) {
    return ways.all().stream()
        .map(Way::name)
        .filter(name -> !name.equals(visitor.upstream()))
        .filter(name -> user.accounts().stream().noneMatch(one -> one.upstream().equals(name)))
        .map(name -> Map.of("upstream", name, "link", linkPath(name)))
        .toList();
  }

  private String linkPath(String upstream) {
    return action.substring(0, action.length() - AccountEndpoint.PATH.length())
        + LinkEndpoint.path(upstream);
  }

  /** The sessions that have begun and not ended, each with what is known of it. */
  private Future<List<Going>> alive(User user) {
    var found =
        user.sessions().stream()
            .map(
                listed ->
                    sessions
                        .find(listed.id())
                        .map(session -> session.map(known -> new Going(listed, known))))
            .toList();
    return Future.all(found)
        .map(
            all ->
                found.stream()
                    .map(Future::result)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(Going::lastUsed).reversed())
                    .toList());
  }

  private record Going(ListedSession listed, Session session) {
    Instant lastUsed() {
      return session.refreshedAt().orElse(listed.since());
    }
  }

  /** The lists in the words of a language. */
  private record Lists(Language language) {
    List<Map<String, Object>> decisions(User user) {
      var latestFirst = new ArrayList<>(user.decisions());
      Collections.reverse(latestFirst);
      return latestFirst.stream().map(this::decision).toList();
    }

    private Map<String, Object> decision(Decision decision) {
      return Map.of(
          "id", decision.id(),
          "name", name(decision.client()),
          "address", ConsentPage.addressOf(decision.client().id()),
          "destination", decision.destination().destination(),
          "resources", decision.resources(),
          "scopes", ConsentPage.inWords(decision.scopes(), language.messages("authorize")),
          "upstreams", decision.upstreams().keySet().stream().sorted().toList(),
          "at", date(decision.at()),
          "ends", date(decision.endsAt()));
    }

    List<Map<String, Object>> sessions(List<Going> going) {
      return going.stream()
          .map(
              session ->
                  Map.<String, Object>of(
                      "id", session.listed().id(),
                      "name", name(session.listed().client()),
                      "since", time(session.listed().since()),
                      "used", time(session.lastUsed())))
          .toList();
    }

    List<Map<String, Object>> accounts(User user) {
      return user.accounts().stream()
          .map(
              (LinkedAccount account) ->
                  Map.<String, Object>of(
                      "id", account.id(),
                      "upstream", account.upstream(),
                      "since", date(account.since())))
          .toList();
    }

    private String name(NamedClient client) {
      var texts = language.messages("authorize");
      if (client.name().isEmpty()) {
        return texts.of("account.nameless");
      }
      return client.claimed() ? texts.of("account.claimed", client.name()) : client.name();
    }

    private Moment date(Instant at) {
      return moment(at, DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG));
    }

    private Moment time(Instant at) {
      return moment(at, DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT));
    }

    private Moment moment(Instant at, DateTimeFormatter format) {
      var locale = Locale.forLanguageTag(language.tag());
      return new Moment(
          at.toString(), format.withLocale(locale).withZone(ZoneOffset.UTC).format(at));
    }
  }

  /**
   * A time for programs and for people.
   *
   * @param text in UTC
   */
  public record Moment(String iso, String text) {}
}
