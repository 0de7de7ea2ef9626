package dev.keyturn.upstream;

import dev.keyturn.bus.Address;
import dev.keyturn.bus.Topic;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.UpstreamAddresses.RefreshRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/** An {@link Upstream} whose owner is asked over the event bus. */
public final class UpstreamOverBus implements Upstream {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

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

  @Override
  public String name() {
    return name;
  }

  @Override
  public Future<Void> requireReady() {
    return status()
        .compose(
            status ->
                status.ready()
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new UnavailableException(
                            "upstream " + name + " is not ready", RETRY_AFTER)));
  }

  @Override
  public Future<LoginBegun> begin(LoginRequest request) {
    return ask(addresses.begin(), request);
  }

  @Override
  public Future<UpstreamLogin> finish(LoginAnswer answer) {
    return ask(addresses.finish(), answer);
  }

  @Override
  public Future<UpstreamTokens> refresh(UpstreamTokens old, Identity of) {
    return ask(addresses.refresh(), new RefreshRequest(old, of));
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
