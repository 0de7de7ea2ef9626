package dev.keyturn.idp;

import static dev.keyturn.idp.Visitor.await;

import io.vertx.core.Vertx;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A running provider with one client, one person and a clock that is moved by hand. */
final class GivenProvider {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final RelyingParty CLIENT =
      new RelyingParty("keyturn", "s3cret", List.of(Visitor.REDIRECT_URI));
  static final Person ADA =
      new Person("ada", "lovelace", "u-ada", "ada@example.com", "Ada Lovelace");

  final IdentityProvider provider;
  final URI issuer;
  final Visitor visitor;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

  GivenProvider() {
    provider = new IdentityProvider(vertx, config("127.0.0.1"));
    issuer = await(provider.start());
    provider.register(CLIENT);
    visitor = new Visitor(vertx, issuer);
  }

  IdentityProvider.Config config(String host) {
    return new IdentityProvider.Config(
        host, 0, List.of(ADA), Duration.ofMinutes(5), new HandMovedClock(now), new SecureRandom());
  }

  void wait(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  void stop() {
    await(provider.stop());
    await(vertx.close());
  }

  private static final class HandMovedClock extends Clock {
    private final AtomicReference<Instant> now;

    HandMovedClock(AtomicReference<Instant> now) {
      this.now = now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now.get();
    }
  }
}
