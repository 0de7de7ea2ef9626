package dev.keyturn.server;

import dev.keyturn.vault.Vault;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Owns what the vault does by itself: refreshes ahead of time, and writes that have to wait. */
final class VaultVerticle extends VerticleBase {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** A provider has answered by then, or never will. */
  private static final Duration REST = Duration.ofSeconds(15);

  private final Vault vault;

  VaultVerticle(Vault vault) {
    this.vault = vault;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(EVERY.toMillis(), tick -> vault.tick());
    return Future.succeededFuture();
  }

  /** A refresh token that was sent away is spent, so its answer is waited for. */
  @Override
  public Future<?> stop() {
    return vault.rest().timeout(REST.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
