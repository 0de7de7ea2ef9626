package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.upstream.UpstreamAddresses.RefreshRequest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one identity provider: of its metadata, its keys and the connections to it.
 *
 * <p>It starts whether or not the provider is up, and announces on {@code upstream.changed} when
 * logins can begin and when they no longer can. Deploy one instance for each provider.
 */
public final class UpstreamVerticle extends VerticleBase {
  private final UpstreamConfig config;
  private final String prefix;
  private final Clock clock;
  private final RandomGenerator random;
  private final Discovery.Pace pace;
  private @Nullable OutgoingHttp http;
  private @Nullable Provider provider;

  /**
   * @param prefix what every address begins with; {@link UpstreamOverBus} is given the same
   * @param random spreads the requests of many servers over time
   */
  public UpstreamVerticle(
      UpstreamConfig config, String prefix, Clock clock, RandomGenerator random) {
    this(config, prefix, clock, random, Discovery.Pace.USUAL);
  }

  UpstreamVerticle(
      UpstreamConfig config,
      String prefix,
      Clock clock,
      RandomGenerator random,
      Discovery.Pace pace) {
    this.config = config;
    this.prefix = prefix;
    this.clock = clock;
    this.random = random;
    this.pace = pace;
  }

  @Override
  public Future<?> start() {
    http = new OutgoingHttp(vertx, config.registration().reach());
    var opened = open(new Surroundings(vertx, http, clock, random, pace));
    provider = opened;
    return answer(opened)
        .onSuccess(
            answering -> {
              opened.start();
              announce(opened.status());
            });
  }

  @Override
  public Future<?> stop() {
    if (provider != null) {
      provider.stop();
      announce(new UpstreamStatus(config.name(), false, Optional.of("stopped")));
    }
    return http == null ? Future.succeededFuture() : http.close();
  }

  private Provider open(Surroundings around) {
    return config instanceof OidcUpstream.Config oidc
        ? new OidcUpstream(oidc, around, this::announce)
        : new OAuth2Upstream((OAuth2Upstream.Config) config, around);
  }

  private Future<?> answer(Provider opened) {
    var addresses = UpstreamAddresses.of(prefix, config.name());
    return Future.all(
        List.of(
            addresses.begin().answer(vertx, opened::begin).completion(),
            addresses.finish().answer(vertx, opened::finish).completion(),
            addresses.refresh().answer(vertx, request -> refresh(opened, request)).completion(),
            addresses
                .status()
                .answer(vertx, name -> Future.succeededFuture(opened.status()))
                .completion()));
  }

  private static Future<UpstreamTokens> refresh(Provider opened, RefreshRequest request) {
    return opened.refresh(request.old(), request.of());
  }

  private void announce(UpstreamStatus status) {
    UpstreamAddresses.changed(prefix).announce(vertx, status);
  }
}
