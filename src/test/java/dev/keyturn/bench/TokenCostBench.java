package dev.keyturn.bench;

import dev.keyturn.crypto.CryptoProvider;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a refresh costs in processor time, with native code and without it, beside what no server of
 * this toolkit can do without: HTTP, and one signature.
 *
 * <p>In each round everything is measured in turn, so that a slow minute hits all alike.
 */
public final class TokenCostBench {
  private static final int SIGNATURES = 2000;
  private static final double NANOS_A_MICRO = 1000;

  private final Map<String, List<Double>> costs = new LinkedHashMap<>();
  private final Map<Measured, Chains> servers = new LinkedHashMap<>();
  private final Map<String, Signing> signers =
      Map.of(
          "signature, native", new Signing(CryptoProvider.detect()),
          "signature, JDK", new Signing(CryptoProvider.jdk("to compare")));

  private TokenCostBench() {}

  /** Runs it with the options {@code --rounds --seconds --warm --chains}. */
  public static void main(String... arguments) {
    var options = Options.of(arguments);
    var chains = options.number("chains", 16);
    try (var floor = Measured.floor();
        var fast = Measured.demo("refresh, native");
        var slow = Measured.demo("refresh, JDK", "-Dkeyturn.crypto=jdk")) {
      var bench = new TokenCostBench();
      bench.servers.put(floor, Chains.posting(floor, chains));
      bench.servers.put(fast, Chains.refreshing(fast, chains));
      bench.servers.put(slow, Chains.refreshing(slow, chains));
      bench.round(options.number("warm", 10));
      bench.costs.clear();
      for (int i = 0; i < options.number("rounds", 5); i++) {
        bench.round(options.number("seconds", 4));
      }
      bench.report();
    }
    System.exit(0);
  }

  private void round(int seconds) {
    servers.forEach(
        (server, chains) -> {
          var before = server.processorTime();
          var answers = chains.run(TimeUnit.SECONDS.toNanos(seconds));
          note(server.name(), (double) (server.processorTime() - before) / answers);
        });
    signers.forEach((name, signer) -> note(name, signer.cost(SIGNATURES)));
  }

  private void note(String what, double nanos) {
    costs.computeIfAbsent(what, name -> new ArrayList<>()).add(nanos / NANOS_A_MICRO);
    Steps.say("round", new JsonObject().put("what", what).put("us", rounded(nanos / 1000)));
  }

  private void report() {
    costs.forEach(
        (what, all) ->
            Steps.say(
                "cost",
                new JsonObject()
                    .put("what", what)
                    .put("min_us", rounded(all.stream().sorted().findFirst().orElseThrow()))
                    .put("median_us", rounded(median(what)))));
    var nativeRatio = median("refresh, native") / limit("signature, native");
    var jdkRatio = median("refresh, JDK") / limit("signature, JDK");
    Steps.say(
        "ratios",
        new JsonObject()
            .put("native_to_limit", rounded(nativeRatio))
            .put("jdk_to_limit", rounded(jdkRatio))
            .put("jdk_to_native", rounded(median("refresh, JDK") / median("refresh, native"))));
  }

  /** HTTP and one signature. */
  private double limit(String signature) {
    return median("floor") + median(signature);
  }

  private double median(String what) {
    var sorted = new ArrayList<>(costs.getOrDefault(what, List.of()));
    sorted.sort(null);
    return sorted.get(sorted.size() / 2);
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
