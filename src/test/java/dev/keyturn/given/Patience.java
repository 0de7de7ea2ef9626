package dev.keyturn.given;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long a test waits for what must come.
 *
 * <p>Much longer than it ever takes: the machine may be busy with the work of others, and a test
 * that gives up then tells nothing about the code. Only a test that fails waits so long.
 */
public final class Patience {
  /** Whoever has waited so long waits for nothing. */
  public static final Duration LONG = Duration.ofMinutes(2);

  /** The same in seconds, for waits that ask for a number. */
  public static final long SECONDS = LONG.toSeconds();

  /** The unit of {@link #SECONDS}. */
  public static final TimeUnit UNIT = TimeUnit.SECONDS;

  private Patience() {}

  /** Awaitility with this patience. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(LONG);
  }
}
