package dev.keyturn.bench;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.User;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A client that logs in, refreshes and calls again and again, at one replica. */
final class Load implements Runnable {
  private static final String CALLBACK = "http://127.0.0.1:33418/callback";

  private final Replica replica;
  private final List<OutsideVerifier> verifiers;
  private final Tally tally;
  private final McpClient client;
  private final int steps;
  private volatile boolean ends;

  /**
   * @param steps what it does after each login before it logs in again
   */
  Load(Replica replica, List<OutsideVerifier> verifiers, Tally tally, int steps) {
    this.replica = replica;
    this.verifiers = verifiers;
    this.tally = tally;
    this.steps = steps;
    this.client = McpClient.registered(replica, CALLBACK, replica.wire());
  }

  void end() {
    ends = true;
  }

  @Override
  public void run() {
    while (!ends) {
      var step = "login";
      try {
        var tokens = login();
        for (int i = 0; i < steps && !ends; i++) {
          var pick = ThreadLocalRandom.current().nextInt(10);
          step = pick < 3 ? "refresh" : pick < 8 ? "call" : "userinfo";
          tokens = act(step, tokens);
        }
      } catch (AssertionError | Exception e) {
        tally.bad(step, e + " " + e.getCause());
      }
    }
  }

  private Answer login() throws Exception {
    var browser = new Browser(Clock.systemUTC(), replica.wire());
    var tokens = client.connect(new User(browser, Flow.ALICE));
    return judged("login", tokens, tokens.status() == 200);
  }

  private Answer act(String step, Answer tokens) throws Exception {
    var token = tokens.text("access_token");
    switch (step) {
      case "refresh" -> {
        var next = client.refresh(tokens.text("refresh_token"));
        return judged(step, next, next.status() == 200);
      }
      case "call" -> {
        var said = client.call(token);
        require(step, said, said.status() == 200 && said.body().contains("Alice"));
      }
      default -> {
        var bearer = Map.of("Authorization", "Bearer " + token);
        var said = replica.wire().send("GET", replica.url("/oauth/userinfo"), bearer, "");
        require(step, said, said.status() == 200 && said.body().contains("\"sub\""));
      }
    }
    return tokens;
  }

  private Answer judged(String step, Answer tokens, boolean good) throws Exception {
    require(step, tokens, good);
    for (var verifier : verifiers) {
      var complaint = verifier.complaint(tokens.text("access_token"));
      complaint.ifPresentOrElse(
          why -> tally.bad("unverifiable", why), () -> tally.good("verified"));
    }
    return tokens;
  }

  private void require(String step, Answer answer, boolean good) {
    if (!good) {
      throw new IllegalStateException(answer.status() + " " + answer.body());
    }
    tally.good(step);
  }
}
