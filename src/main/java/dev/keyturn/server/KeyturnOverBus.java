package dev.keyturn.server;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.bus.Address;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.token.AccessToken;
import dev.keyturn.upstream.UpstreamStatus;
import dev.keyturn.vault.UsableToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A server as another verticle of the same process sees it: questions with an answer, and news.
 *
 * <p>A refusal is an {@code OAuthException}. Whatever cannot be told now is an {@code
 * UnavailableException}; so is a server that is not there, or does not answer in time.
 *
 * <p>News may be missed by whoever begins to listen after them. So listen first, and then ask for
 * {@link #status} and {@link #jwks} once: what happened before is in the answer, and what happens
 * afterwards is heard. A listener ends with the verticle that it was made in.
 */
public final class KeyturnOverBus {
  /** How long an answer is waited for. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final BusNames names;

  /**
   * @param names with the prefix that the server was given
   */
  public KeyturnOverBus(Vertx vertx, BusNames names) {
    this.vertx = vertx;
    this.names = names;
  }

  /**
   * What an access token says, or {@code invalid_token}. Whether it is meant for the caller is for
   * the caller to say, by its {@link AccessToken#audience}.
   */
  public Future<AccessToken> verify(String accessToken) {
    return ask(names.tokenVerify(), new BusRequest.Verify(accessToken));
  }

  /**
   * Makes a token worthless: a refresh token with its whole session, an access token alone. For
   * what is none of ours nothing happens.
   */
  public Future<Void> revoke(String token) {
    return ask(names.tokenRevoke(), new BusRequest.Revoke(token, Optional.empty()));
  }

  /**
   * An access token of a provider that is good now, for the session of an access token of ours.
   *
   * <p>It fails with {@code invalid_token} if only a new login can bring one. Ask each time: it is
   * refreshed when it is due, and kept in memory in between. Where a refresh takes longer than the
   * caller waits, it goes on, and the next question finds its result.
   *
   * @param accessToken of ours; the caller has judged whether it is meant for the caller
   * @param upstream the provider's name in the configuration
   */
  public Future<UsableToken> upstreamToken(String accessToken, String upstream) {
    return ask(names.sessionUpstreamToken(), new BusRequest.UpstreamToken(accessToken, upstream));
  }

  /** The JWK set of the moment, the caller's own copy. */
  public Future<JsonObject> jwks() {
    return ask(names.keysJwks(), new BusRequest.Jwks());
  }

  /** How the server is at the moment. */
  public Future<ServerStatus> status() {
    return ask(names.serverStatus(), new BusRequest.Status());
  }

  /** Hears that another configuration, or other keys, are in force. */
  public MessageConsumer<ConfigChanged> onConfigChanged(Consumer<ConfigChanged> listener) {
    return names.configChanged().listen(vertx, listener);
  }

  /** Hears that what the files say was refused, and what was in force goes on. */
  public MessageConsumer<ConfigRejected> onConfigRejected(Consumer<ConfigRejected> listener) {
    return names.configRejected().listen(vertx, listener);
  }

  /** Hears where every key stands whenever one of them is in another state. */
  public MessageConsumer<KeysChanged> onKeysChanged(Consumer<KeysChanged> listener) {
    return names.keysChanged().listen(vertx, listener);
  }

  /** Hears that an identity provider has become usable, or is no more. */
  public MessageConsumer<UpstreamStatus> onUpstreamChanged(Consumer<UpstreamStatus> listener) {
    return names.upstreamChanged().listen(vertx, listener);
  }

  /** Hears every audit event. */
  public MessageConsumer<AuditEvent> onAuditEvent(Consumer<AuditEvent> listener) {
    return names.auditEvent().listen(vertx, listener);
  }

  private <Q, A> Future<A> ask(Address<Q, A> address, Q question) {
    return address
        .ask(vertx, question, PATIENCE)
        .recover(
            cause ->
                Future.failedFuture(
                    Address.isSilence(cause)
                        ? new UnavailableException("nobody answers at " + address.name(), RETRY)
                        : cause));
  }
}
