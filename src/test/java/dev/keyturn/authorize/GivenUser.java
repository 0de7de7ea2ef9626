package dev.keyturn.authorize;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.Sessions;
import dev.keyturn.user.Decision;
import dev.keyturn.user.LinkedAccount;
import dev.keyturn.user.ListedSession;
import dev.keyturn.user.NamedClient;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A person of whom something of every kind is listed, for pages that show it. */
record GivenUser(Users users, Sessions sessions) {
  private static final NamedClient STRANGER = new NamedClient("c1", "Claude Code", true);
  private static final NamedClient PUBLISHED =
      new NamedClient("https://client.example.com/oauth/metadata.json", "", true);
  private static final NamedClient OURS = new NamedClient("desk", "Desk", false);

  static GivenUser somebody(String subject) {
    var clock = new SettableClock();
    var store = new MemoryStore(clock, 100);
    var given = new GivenSessions(store, clock, Lifespans.DEFAULT);
    var authorization = given.authorization("openid");
    done(given.tokens.begin(authorization, GivenSessions.RESOURCE, Optional.empty(), true));
    var users = new Users(store, clock);
    var user = listed(authorization.sessionId(), clock.instant());
    done(
        users.change(
            subject, nobody -> Future.succeededFuture(new Users.Step<>(user, Optional.empty()))));
    return new GivenUser(users, given.sessions);
  }

  private static User listed(String session, Instant now) {
    return User.NOBODY
        .with(decision(PUBLISHED, "https://client.example.com/callback", "", now))
        .with(decision(STRANGER, "http://127.0.0.1/callback", "mcp:tools openid", now))
        .with(decision(OURS, "https://desk.example.com/cb", "mcp:tools profile", now))
        .with(new ListedSession(session, STRANGER, now, now.plus(Duration.ofDays(30))))
        .with(new ListedSession("never-begun", OURS, now, now.plus(Duration.ofDays(30))))
        .with(
            new LinkedAccount("github", "583231", now, now.plus(Duration.ofDays(30)), Scopes.NONE));
  }

  private static Decision decision(NamedClient client, String uri, String scopes, Instant at) {
    return new Decision(
        client,
        uri,
        Scopes.parse(scopes),
        List.of("https://mcp.example.com/issues"),
        Map.of("github", Scopes.parse("repo")),
        at);
  }
}
