package dev.keyturn.server;

import dev.keyturn.secrets.ChangeHints;
import dev.keyturn.secrets.Look;
import dev.keyturn.secrets.WatchedFiles;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the watched files and what is in force: the only reader of secrets.
 *
 * <p>It looks at them every poll interval, and sooner where the system hints at a change. After
 * each look it meets the other replicas at the key ring, whose states change by time too.
 */
final class SecretsVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(SecretsVerticle.class);

  /** How soon it looks again while somebody writes; who pauses longer may be taken halfway. */
  private static final Duration SETTLING = Duration.ofMillis(500);

  private final WatchedFiles<RunConfig> files;
  private final Changeover changeover;
  private final ConfigNews news;
  private final ChangeHints hints;
  private long timer;
  private boolean looking;
  private boolean hinted;
  private boolean stopped;

  SecretsVerticle(WatchedFiles<RunConfig> files, Changeover changeover, ConfigNews news) {
    this.files = files;
    this.changeover = changeover;
    this.news = news;
    this.hints = new ChangeHints(this::hint);
  }

  @Override
  public Future<?> start() {
    wait(changeover.nextLook());
    return vertx.executeBlocking(
        () -> {
          hints.watch(files.directories());
          return null;
        },
        false);
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return vertx.executeBlocking(
        () -> {
          hints.close();
          return null;
        },
        false);
  }

  /** Called by whoever noticed a change, on any thread. */
  private void hint() {
    context.runOnContext(
        go -> {
          if (looking) {
            hinted = true;
          } else if (!stopped) {
            look();
          }
        });
  }

  private void wait(Duration delay) {
    vertx.cancelTimer(timer);
    if (!stopped) {
      timer = vertx.setTimer(Math.max(1, delay.toMillis()), due -> look());
    }
  }

  private void look() {
    looking = true;
    vertx.cancelTimer(timer);
    vertx
        .executeBlocking(this::lookAndWatch, false)
        .compose(look -> take(look).map(look))
        .onComplete(
            done -> {
              looking = false;
              if (done.failed()) {
                LOG.atError()
                    .setMessage("looking at the secrets failed")
                    .setCause(done.cause())
                    .log();
              }
              var again = hinted || (done.succeeded() && done.result() instanceof Look.Unsettled);
              hinted = false;
              wait(again ? settling() : changeover.nextLook());
            });
  }

  private Duration settling() {
    var next = changeover.nextLook();
    return next.compareTo(SETTLING) < 0 ? next : SETTLING;
  }

  /** Blocks. */
  private Look<RunConfig> lookAndWatch() {
    var look = files.look();
    hints.watch(files.directories());
    return look;
  }

  private Future<Void> take(Look<RunConfig> look) {
    if (look instanceof Look.Accepted<RunConfig> accepted) {
      return changeover.to(accepted.generation().value());
    }
    if (look instanceof Look.Rejected<RunConfig> rejected) {
      news.refused(rejected.errors());
    } else if (look instanceof Look.Recovered) {
      news.recovered();
    }
    return changeover.again();
  }
}
