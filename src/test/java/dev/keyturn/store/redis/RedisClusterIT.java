package dev.keyturn.store.redis;

import dev.keyturn.given.RedisLab;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedisClusterIT extends RedisContract {
  @Override
  RedisLab start(Path folder) {
    return RedisLab.cluster(folder);
  }

  @Override
  RedisStore open(Vertx loops, RedisLab servers) {
    return GivenRedis.store(loops, GivenRedis.cluster(servers), GivenRedis.FOR_ONE);
  }
}
