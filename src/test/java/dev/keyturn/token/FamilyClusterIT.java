package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FlowStore;
import dev.keyturn.given.RedisLab;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SettledStore;
import dev.keyturn.store.redis.RedisStore;
import dev.keyturn.token.FamilyClusterModel.Plan;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stories of {@link FamilyClusterTest} above a real Redis. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FamilyClusterIT {
  private static final int ROUNDS = 40;

  private final Vertx vertx = Vertx.vertx();
  private RedisLab redis;
  private RedisStore store;

  @BeforeAll
  void start(@TempDir Path folder) {
    redis = RedisLab.standalone(folder);
    store = FlowStore.in(vertx, redis.servers().get(0));
  }

  @AfterAll
  void stop() {
    done(vertx.close());
    redis.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void no_honest_client_is_logged_out_and_nothing_outlives_a_reuse(long seed) {
    var model =
        new FamilyClusterModel(seed, Plan.SOUND, new SettledStore(store), new SettableClock());
    assertThat(model.run(ROUNDS)).isEmpty();
    assertThat(model.served).isGreaterThan(ROUNDS);
  }
}
