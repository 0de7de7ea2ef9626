package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.LastingServer;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Patience;
import dev.keyturn.given.RefreshLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is killed again and again while its clients refresh. {@code bench/store-kill} does
 * it 200 times.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StoreKillIT {
  private static final int KILLS = Integer.getInteger("keyturn.kills", 3);
  private static final int CLIENTS = 20;
  private static final Duration MOMENT = Duration.ofMillis(1);

  /** Any moment is a good one for a kill. */
  private static final int MOST_REFRESHES = 100;

  @TempDir private Path folder;
  private final Random random = new Random(1);
  private final List<Duration> starts = new ArrayList<>();

  @Test
  void nothing_acknowledged_is_lost_and_nothing_is_accepted_twice() {
    try (var server = LastingServer.started(folder)) {
      server.strangers();
      var client = server.client();
      var load = RefreshLoad.of(client, CLIENTS, () -> client.redeem(server.logIn(client)));
      for (int kill = 0; kill < KILLS; kill++) {
        var before = Before.of(server, client);
        load.go();
        var enough = load.acknowledged() + 1 + random.nextInt(MOST_REFRESHES);
        Patience.await()
            .pollDelay(Duration.ZERO)
            .pollInterval(MOMENT)
            .until(() -> isAt(load, enough));
        server.kill();
        load.pause();
        starts.add(server.start());
        before.check(client);
        load.checkAll();
        assertThat(load.lost()).as("logins lost by kill %d", kill).isZero();
      }
      load.stop();
      report(load);
    }
  }

  private static boolean isAt(RefreshLoad load, int refreshes) {
    return load.acknowledged() >= refreshes || load.lost() > 0;
  }

  private void report(RefreshLoad load) {
    starts.sort(null);
    System.out.printf(
        "kills %d, refreshes acknowledged %d, cut off %d, lost %d, start-up %d ms (worst %d ms)%n",
        KILLS,
        load.acknowledged(),
        load.cutOff(),
        load.lost(),
        starts.get(starts.size() / 2).toMillis(),
        starts.get(starts.size() - 1).toMillis());
  }

  /** What was acknowledged before a kill, by logins that are not under load. */
  private record Before(Answer spent, Answer unspent, String oldest, String newest) {
    static Before of(LastingServer server, McpClient client) {
      var spent = server.logIn(client);
      client.redeem(spent);
      var oldest = client.redeem(server.logIn(client)).text("refresh_token");
      var older = client.refresh(oldest).text("refresh_token");
      var newest = client.refresh(older).text("refresh_token");
      return new Before(spent, server.logIn(client), oldest, newest);
    }

    void check(McpClient client) {
      assertThat(client.redeem(spent).status()).as("a spent code").isEqualTo(400);
      assertThat(client.redeem(unspent).status()).as("an unspent code").isEqualTo(200);
      assertThat(client.redeem(unspent).status()).as("spent by now").isEqualTo(400);
      assertThat(client.refresh(newest).status()).as("the newest token").isEqualTo(200);
      assertThat(client.refresh(oldest).status()).as("an old token").isEqualTo(400);
    }
  }
}
