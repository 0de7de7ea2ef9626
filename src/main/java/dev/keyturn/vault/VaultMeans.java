package dev.keyturn.vault;

import dev.keyturn.audit.Audit;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What the vault works with besides its entries.
 *
 * @param pause ends after a time
 */
public record VaultMeans(
    Clock clock, RandomGenerator random, Function<Duration, Future<Void>> pause, Audit audit) {}
