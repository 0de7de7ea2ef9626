package dev.keyturn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.McpClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A client of one person that calls a tool through whichever gateway it meets, and asks why when
 * its login is over.
 *
 * <p>One thread at a time has it.
 */
final class KillClient {
  private static final int MANY = 6;

  private final KillWorld world;
  private final List<McpClient> clients;
  private final String person;
  private final Tally tally;
  private final Executor others;
  private Optional<Session> session = Optional.empty();

  private record Session(String access, String refresh, String entry) {}

  /** What came of a call. */
  private enum Outcome {
    SERVED,
    NOT_NOW,
    OVER
  }

  /**
   * @param clients the same one at each process
   * @param others run what is asked at the same time
   */
  KillClient(
      KillWorld world, List<McpClient> clients, String person, Tally tally, Executor others) {
    this.world = world;
    this.clients = clients;
    this.person = person;
    this.tally = tally;
    this.others = others;
  }

  /** The same client at each process, registered at the first. */
  static List<McpClient> registered(KillWorld world) {
    var servers = world.servers();
    var callback = "http://127.0.0.1:33418/callback";
    var first = McpClient.registered(servers.get(0), callback, servers.get(0).wire());
    return servers.stream()
        .map(server -> new McpClient(server, first.id(), callback, server.wire()))
        .toList();
  }

  /** Does one thing; tells whether it was served. */
  boolean act() {
    try {
      if (session.isEmpty()) {
        session = logIn();
        return false;
      }
      var many = ThreadLocalRandom.current().nextInt(8) == 0;
      var outcomes = many ? atOnce(session.get()) : List.of(call(session.get()));
      if (outcomes.contains(Outcome.OVER)) {
        over(session.get());
      }
      return outcomes.contains(Outcome.SERVED) && session.isPresent();
    } catch (RuntimeException e) {
      tally.bad("broken", e);
      return false;
    }
  }

  private List<Outcome> atOnce(Session mine) {
    var asked =
        IntStream.range(0, MANY)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> call(mine), others))
            .toList();
    return asked.stream().map(CompletableFuture::join).toList();
  }

  private Outcome call(Session mine) {
    var answer = ask(() -> clients.get(any()).call(mine.access()));
    return answer.map(this::judge).orElse(Outcome.NOT_NOW);
  }

  private Outcome judge(Answer answer) {
    switch (answer.status()) {
      case 200 -> {
        look(answer.json());
        tally.good("served");
        return Outcome.SERVED;
      }
      case 401 -> {
        return Outcome.OVER;
      }
      case 502 -> tally.good("answered_502");
      case 503 -> tally.good("answered_503");
      default -> tally.bad("broken", answer.status() + " " + answer.body());
    }
    return Outcome.NOT_NOW;
  }

  /** What the MCP server has seen of the token that it was given. */
  private void look(JsonObject seen) {
    if (!seen.getString("person").equals(person)) {
      tally.bad("somebody else's token", seen.getString("person") + " for " + person);
    }
    if (seen.getBoolean("forged")) {
      tally.bad("a token was handed out that nothing proves", person);
    }
    if (seen.getBoolean("late")) {
      tally.bad("a token was handed out that was over", person);
    }
  }

  /** That must have a reason, and the client must hear of it at its refresh, too. */
  private void over(Session mine) {
    var reason = world.grants().reason(person);
    if (reason == OnceGrants.Reason.REFUSED) {
      tally.good("lost_as_the_provider_refused");
    } else if (world.progress().isCutOff(mine.entry())) {
      tally.good("lost_as_a_process_was_killed");
    } else if (reason == OnceGrants.Reason.NO_ANSWER) {
      tally.good("lost_as_no_answer_came");
    } else {
      tally.bad("a login was lost for nothing", person);
    }
    ask(() -> clients.get(any()).refresh(mine.refresh()))
        .filter(answer -> answer.status() == 200)
        .ifPresent(answer -> tally.bad("a refresh went on after the end", person));
    session = Optional.empty();
  }

  private Optional<Session> logIn() {
    var index = any();
    var browser = new Browser(Clock.systemUTC(), world.servers().get(index).wire());
    var client = clients.get(index);
    try {
      var approved = browser.press(browser.arriveAt(client.authorize()), "Allow");
      var provider = browser.redirected(approved, approved.location() + "&person=" + person);
      var tokens = client.redeem(browser.follow(browser.follow(provider)));
      return Optional.of(begun(tokens));
    } catch (AssertionError | RuntimeException e) {
      return Optional.empty(); // A process went away meanwhile: the person begins again.
    }
  }

  private Session begun(Answer tokens) {
    var access = tokens.text("access_token");
    var claims = new String(Base64.getUrlDecoder().decode(access.split("\\.", -1)[1]), UTF_8);
    var entry = world.grants().meet(person, new JsonObject(claims).getString("sub"));
    world.progress().loggedIn(entry);
    tally.good("logged_in");
    return new Session(access, tokens.text("refresh_token"), entry);
  }

  private Optional<Answer> ask(Supplier<Answer> request) {
    try {
      return Optional.of(request.get());
    } catch (AssertionError e) {
      if (e.getCause() instanceof IOException) {
        tally.good("away");
      } else {
        tally.bad("broken", e);
      }
      return Optional.empty();
    }
  }

  private int any() {
    return ThreadLocalRandom.current().nextInt(clients.size());
  }
}
