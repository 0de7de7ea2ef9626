package dev.keyturn.given;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A clock that goes when it is told to. */
public final class SettableClock extends Clock {
  private final List<Consumer<Duration>> others = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");

  public void forward(Duration time) {
    now = now.plus(time);
    others.forEach(other -> other.accept(time));
  }

  /** From now on somebody is told by how much it was set. */
  void whenForward(Consumer<Duration> other) {
    others.add(other);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
