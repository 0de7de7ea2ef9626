package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.upstream.UpstreamAddresses.RefreshRequest;
import dev.keyturn.upstream.UpstreamAddresses.RevocationRequest;
import dev.keyturn.upstream.UpstreamAddresses.ValidationRequest;
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
 * logins can begin and when they no longer can. Another configuration is taken while it runs, see
 * {@link Succession}. Deploy one instance for each provider.
 */
public final class UpstreamVerticle extends VerticleBase {
  private final UpstreamConfig config;
  private final String prefix;
  private final Clock clock;
  private final RandomGenerator random;
  private final Discovery.Pace pace;
  private final Optional<Enrolments> enrolments;
  private @Nullable Succession succession;

  /**
   * One that registers nowhere; where a configuration asks for that, it only finds out whether it
   * could be done.
   *
   * @param prefix what every address begins with; {@link UpstreamOverBus} is given the same
   * @param random spreads the requests of many servers over time
   */
  public UpstreamVerticle(
      UpstreamConfig config, String prefix, Clock clock, RandomGenerator random) {
    this(config, prefix, clock, random, Discovery.Pace.USUAL, Optional.empty());
  }

  /**
   * One that registers where its configuration says so.
   *
   * @param enrolments where it is kept as whom
   */
  public UpstreamVerticle(
      UpstreamConfig config,
      String prefix,
      Clock clock,
      RandomGenerator random,
      Enrolments enrolments) {
    this(config, prefix, clock, random, Discovery.Pace.USUAL, Optional.of(enrolments));
  }

  UpstreamVerticle(
      UpstreamConfig config,
      String prefix,
      Clock clock,
      RandomGenerator random,
      Discovery.Pace pace,
      Optional<Enrolments> enrolments) {
    this.config = config;
    this.prefix = prefix;
    this.clock = clock;
    this.random = random;
    this.pace = pace;
    this.enrolments = enrolments;
  }

  @Override
  public Future<?> start() {
    var opened = new Succession(config, this::open, this::announce);
    succession = opened;
    return answer(opened).onSuccess(answering -> opened.start());
  }

  @Override
  public Future<?> stop() {
    if (succession == null) {
      return Future.succeededFuture();
    }
    announce(new UpstreamStatus(config.name(), false, Optional.of("stopped")));
    return succession.stop();
  }

  private Tenure open(UpstreamConfig next, Optional<ClientSecrets> known, Runnable news) {
    var http = new OutgoingHttp(vertx, next.registration().passage());
    var proofs = new SignedProofs(vertx, clock, random);
    var around =
        new Surroundings(vertx, http, clock, random, pace, proofs, enrolments, this::enrolled);
    var secrets =
        known.orElseGet(
            () ->
                new ClientSecrets(next.name(), next.registration().client(), clock, this::proved));
    var provider =
        next instanceof OidcUpstream.Config oidc
            ? new OidcUpstream(oidc, secrets, around, news)
            : new OAuth2Upstream((OAuth2Upstream.Config) next, secrets, around, news);
    return new Tenure(provider, http);
  }

  private Future<?> answer(Succession opened) {
    var addresses = UpstreamAddresses.of(prefix, config.name());
    return Future.all(
        List.of(
            addresses
                .begin()
                .answer(vertx, request -> opened.ask(provider -> provider.begin(request)))
                .completion(),
            addresses
                .finish()
                .answer(vertx, answer -> opened.ask(provider -> provider.finish(answer)))
                .completion(),
            addresses
                .refresh()
                .answer(vertx, request -> opened.ask(provider -> redeem(provider, request)))
                .completion(),
            addresses
                .validate()
                .answer(vertx, request -> opened.ask(provider -> validate(provider, request)))
                .completion(),
            addresses
                .revoke()
                .answer(vertx, request -> opened.ask(provider -> revoke(provider, request)))
                .completion(),
            addresses
                .logout()
                .answer(vertx, token -> opened.ask(provider -> provider.loggedOut(token.value())))
                .completion(),
            addresses
                .status()
                .answer(vertx, name -> Future.succeededFuture(opened.status()))
                .completion(),
            addresses
                .reconfigure()
                .answer(vertx, next -> Future.succeededFuture(next).map(opened::reconfigure))
                .completion()));
  }

  private static Future<RefreshAnswer> redeem(Provider provider, RefreshRequest request) {
    return provider.redeem(request.old(), request.of(), request.generation());
  }

  private static Future<UpstreamTokens> validate(Provider provider, ValidationRequest request) {
    return provider.validate(request.fresh(), request.of(), request.generation());
  }

  private static Future<RevocationAnswer> revoke(Provider provider, RevocationRequest request) {
    return provider.revoke(request.unused(), request.generation());
  }

  private void enrolled(EnrolmentNews news) {
    UpstreamAddresses.registered(prefix).announce(vertx, news);
  }

  private void proved(ClientProof proof) {
    UpstreamAddresses.proved(prefix).announce(vertx, proof);
  }

  private void announce(UpstreamStatus status) {
    UpstreamAddresses.changed(prefix).announce(vertx, status);
  }
}
