package dev.keyturn.logout;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.client.Client;
import dev.keyturn.http.FetchFailure;
import dev.keyturn.keys.Signer;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.Session;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells clients that a login has ended, where they have registered an address for that.
 *
 * <p>Nobody waits for it, and it is tried three times: what a client is not told, it finds out by
 * the refusal of its tokens. One that does not answer takes a few places only, so that others are
 * told.
 *
 * @see <a href="https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken">OpenID
 *     Connect Back-Channel Logout, section 2.4</a>
 */
public final class ClientNotices {
  private static final String TYPE = "logout+jwt";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final String DROPPED = "dropped";
  private static final Duration LIFE = Duration.ofMinutes(2);
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(2), Duration.ofSeconds(15));
  private static final int MOST = 256;
  private static final int MOST_OF_EACH = 16;

  private final Issuer issuer;
  private final Signer signer;
  private final Means means;
  private final Slots underWay = new Slots(MOST, MOST_OF_EACH);

  public ClientNotices(Issuer issuer, Signer signer, Means means) {
    this.issuer = issuer;
    this.signer = signer;
    this.means = means;
  }

  /**
   * What it works with.
   *
   * @param clients finds clients as they are now
   * @param post sends a form to a client's address and tells the status
   * @param pause ends after a time
   */
  public record Means(
      Function<String, Future<Optional<Client>>> clients,
      Post post,
      Function<Duration, Future<Void>> pause,
      Audit audit,
      SecureRandom random,
      Clock clock) {}

  /** Sends a form to an address that a client has named. */
  @FunctionalInterface
  public interface Post {
    /** The status of the answer. */
    Future<Integer> send(Client client, URI to, Buffer form);
  }

  /** Tells the client of the session, if it wants to know; never fails. */
  Future<Void> tell(Session ended) {
    var approved = ended.authorization();
    return approved.scopes().contains(Scopes.OPENID)
        ? means
            .clients()
            .apply(approved.clientId())
            .compose(
                found ->
                    found.map(client -> tell(client, ended)).orElseGet(Future::succeededFuture))
            .otherwiseEmpty()
        : Future.succeededFuture();
  }

  private Future<Void> tell(Client client, Session ended) {
    var to = client.logout().backchannel();
    if (to.isEmpty()) {
      return Future.succeededFuture();
    }
    if (!underWay.enter(client.id())) {
      note(client, ended, DROPPED);
      return Future.succeededFuture();
    }
    return signer
        .sign(claims(client, ended), TYPE)
        .map(token -> Buffer.buffer("logout_token=" + token))
        .compose(form -> attempt(client, to.get(), form, 0))
        .otherwise("failed")
        .onComplete(done -> underWay.leave(client.id()))
        .onSuccess(outcome -> note(client, ended, outcome))
        .mapEmpty();
  }

  /**
   * Whoever says that the token is not good is not asked again, nor is one of whom so much is asked
   * that nothing was sent: waiting would only keep others from being told.
   */
  private Future<String> attempt(Client client, URI to, Buffer form, int failures) {
    return means
        .post()
        .send(client, to, form)
        .compose(
            status ->
                status >= 500 || status == 429
                    ? Future.failedFuture("status " + status)
                    : Future.succeededFuture(status / 100 == 2 ? "told" : "refused"))
        .recover(
            cause ->
                failures < PAUSES.size() && !isOurs(cause)
                    ? means
                        .pause()
                        .apply(PAUSES.get(failures))
                        .compose(over -> attempt(client, to, form, failures + 1))
                    : outcome(cause));
  }

  private static Future<String> outcome(Throwable cause) {
    return isOurs(cause) ? Future.succeededFuture(DROPPED) : Future.failedFuture(cause);
  }

  private static boolean isOurs(Throwable cause) {
    return cause instanceof FetchFailure failure && failure.reason().isOurs();
  }

  private JWTClaimsSet claims(Client client, Session ended) {
    var now = means.clock().instant();
    return new JWTClaimsSet.Builder()
        .issuer(issuer.value())
        .subject(ended.authorization().subject())
        .audience(client.id())
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(LIFE)))
        .jwtID(identifier())
        .claim("sid", ended.authorization().sessionId())
        .claim("events", Map.of(EVENT, Map.of()))
        .build();
  }

  private void note(Client client, Session ended, String outcome) {
    means
        .audit()
        .tell(
            Kind.CLIENT_TOLD,
            Map.of(
                "client", client.id(),
                "session", ended.authorization().sessionId(),
                "outcome", outcome));
  }

  private String identifier() {
    var bytes = new byte[16];
    means.random().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
