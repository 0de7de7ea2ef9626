package dev.keyturn.bench;

import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.User;
import dev.keyturn.given.Wire;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** So many clients that each ask one server again as soon as it has answered. */
final class Chains {
  private final List<Supplier<Boolean>> chains;

  private Chains(List<Supplier<Boolean>> chains) {
    this.chains = chains;
  }

  /** Each spends the refresh token that it was given last. */
  static Chains refreshing(Measured server, int count) {
    var chains = new ArrayList<Supplier<Boolean>>();
    for (int i = 0; i < count; i++) {
      var client = McpClient.registered(server, "http://127.0.0.1:33418/callback");
      var user = new User(new Browser(Clock.systemUTC()), Flow.ALICE);
      var newest = new ArrayList<>(List.of(client.connect(user).text("refresh_token")));
      chains.add(
          () -> {
            var answer = client.refresh(newest.get(0));
            if (answer.status() != 200) {
              return false;
            }
            return !newest.set(0, answer.text("refresh_token")).equals(newest.get(0));
          });
    }
    return new Chains(chains);
  }

  /** Each sends a body as long as a refresh. */
  static Chains posting(Measured server, int count) {
    var form = Form.of("grant_type", "refresh_token", "refresh_token", "t".repeat(100));
    return new Chains(
        IntStream.range(0, count)
            .mapToObj(
                i -> {
                  var wire = new Wire();
                  return (Supplier<Boolean>) () -> wire.post(server.url(), form).status() == 200;
                })
            .toList());
  }

  /**
   * Asks for so long.
   *
   * @return how many answers there were
   * @throws IllegalStateException at the first that is a refusal
   */
  int run(long nanos) {
    var end = System.nanoTime() + nanos;
    return chains.stream()
        .map(chain -> start(chain, () -> System.nanoTime() < end))
        .toList()
        .stream()
        .mapToInt(CompletableFuture::join)
        .sum();
  }

  private static CompletableFuture<Integer> start(Supplier<Boolean> chain, BooleanSupplier goesOn) {
    return CompletableFuture.supplyAsync(
        () -> {
          var answers = 0;
          while (goesOn.getAsBoolean()) {
            if (!chain.get()) {
              throw new IllegalStateException("a request was refused");
            }
            answers++;
          }
          return answers;
        },
        task -> new Thread(task, "chain").start());
  }
}
