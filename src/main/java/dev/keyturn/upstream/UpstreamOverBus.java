package dev.keyturn.upstream;

import dev.keyturn.bus.Address;
import dev.keyturn.bus.Topic;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.UpstreamAddresses.LogoutToken;
import dev.keyturn.upstream.UpstreamAddresses.RefreshRequest;
import dev.keyturn.upstream.UpstreamAddresses.RevocationRequest;
import dev.keyturn.upstream.UpstreamAddresses.ValidationRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An {@link Upstream} whose owner is asked over the event bus. */
public final class UpstreamOverBus implements Upstream {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** Between two looks at whether the provider was asked for the first time. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private static final int MOST_LOOKS = 100;

  /** Longer than a refresh takes that is sent again with another secret and without its scopes. */
  private static final Duration REDEMPTION = Duration.ofSeconds(110);

  private final Vertx vertx;
  private final String name;
  private final UpstreamAddresses addresses;

  /**
   * @param prefix what every address begins with, as given to the {@link UpstreamVerticle}
   */
  public UpstreamOverBus(Vertx vertx, String prefix, String name) {
    this.vertx = vertx;
    this.name = name;
    this.addresses = UpstreamAddresses.of(prefix, name);
  }

  /** Where each change of any provider is announced. */
  public static Topic<UpstreamStatus> changed(String prefix) {
    return UpstreamAddresses.changed(prefix);
  }

  /** Where it is told what a provider's token endpoint made of each proof of who we are. */
  public static Topic<ClientProof> proved(String prefix) {
    return UpstreamAddresses.proved(prefix);
  }

  /** Where it is told what came of registering at a provider. */
  public static Topic<EnrolmentNews> registered(String prefix) {
    return UpstreamAddresses.registered(prefix);
  }

  @Override
  public String name() {
    return name;
  }

  /** Who comes while the provider is asked for the first time waits for what it says. */
  @Override
  public Future<Void> requireReady() {
    return requireReady(MOST_LOOKS);
  }

  private Future<Void> requireReady(int looks) {
    return status()
        .compose(
            status -> {
              if (status.ready()) {
                return Future.succeededFuture();
              }
              return status.isTried() || looks == 0
                  ? Future.failedFuture(
                      new UnavailableException("upstream " + name + " is not ready", RETRY_AFTER))
                  : vertx
                      .timer(LOOK.toMillis(), TimeUnit.MILLISECONDS)
                      .compose(due -> requireReady(looks - 1));
            });
  }

  @Override
  public Future<LoginBegun> begin(LoginRequest request) {
    return ask(addresses.begin(), request);
  }

  @Override
  public Future<UpstreamLogin> finish(LoginAnswer answer) {
    return ask(addresses.finish(), answer);
  }

  /** An owner that stays silent may have sent the token away. */
  @Override
  public Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
    return addresses
        .refresh()
        .ask(vertx, new RefreshRequest(old, of, generation), REDEMPTION)
        .recover(
            cause ->
                Address.isLate(cause)
                    ? Future.succeededFuture(new RefreshAnswer.Lost())
                    : Future.failedFuture(Address.isSilence(cause) ? silence() : cause));
  }

  @Override
  public Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
    return ask(addresses.validate(), new ValidationRequest(fresh, of, generation));
  }

  @Override
  public Future<LogoutNotice> loggedOut(String token) {
    return ask(addresses.logout(), new LogoutToken(token));
  }

  @Override
  public Future<RevocationAnswer> revoke(UpstreamTokens unused, String generation) {
    return addresses
        .revoke()
        .ask(vertx, new RevocationRequest(unused, generation), REDEMPTION)
        .recover(cause -> Future.failedFuture(Address.isSilence(cause) ? silence() : cause));
  }

  /** Whether logins can begin now. */
  public Future<UpstreamStatus> status() {
    return ask(addresses.status(), name);
  }

  /**
   * Has the owner go on under {@code next}, at once where the provider is the same one, else as
   * soon as the new one is ready; the status tells which. Of several changes the last one counts.
   */
  public Future<UpstreamStatus> reconfigure(UpstreamConfig next) {
    return ask(addresses.reconfigure(), next);
  }

  private <Q, A> Future<A> ask(Address<Q, A> address, Q question) {
    return address
        .ask(vertx, question)
        .recover(cause -> Future.failedFuture(Address.isSilence(cause) ? silence() : cause));
  }

  private UnavailableException silence() {
    return new UnavailableException("nobody answers for upstream " + name, RETRY_AFTER);
  }
}
