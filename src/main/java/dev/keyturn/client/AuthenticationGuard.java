package dev.keyturn.client;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.client.Authentication.Method;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Network;
import dev.keyturn.http.Throttle;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Watches how clients prove to be themselves, and how often.
 *
 * <p>What fails counts against the address that tried, for the one client that it tried to be: a
 * stranger can use up the patience for itself, never what a client is allowed. That counts only
 * what the client has proven to be its own; of a client without a secret nothing is counted here,
 * since everybody can be it.
 *
 * @param failures of one address at one client
 * @param successes of one client
 */
public record AuthenticationGuard(Throttle failures, Throttle successes, Audit audit) {
  private static final int MAX_LENGTH = 256;

  /** Counts nothing. */
  static final AuthenticationGuard NONE =
      new AuthenticationGuard(Throttle.NONE, Throttle.NONE, Audit.NONE);

  /** The client, if {@code proof} does not fail and it was not asked for too often. */
  Future<Client> watch(String address, Client client, Supplier<Future<Client>> proof) {
    var network = Network.of(address);
    if (client.authentication().method() == Method.NONE) {
      return Future.succeededFuture(proof).compose(Supplier::get);
    }
    return Future.succeededFuture(network + " " + bounded(client.id()))
        .compose(
            pair -> {
              failures.requireOpen(pair);
              return Future.succeededFuture(proof)
                  .compose(Supplier::get)
                  .onFailure(failure -> failed(failure, pair, network, client));
            })
        .map(
            proven -> {
              successes.admit(bounded(proven.id()));
              return proven;
            });
  }

  private static String bounded(String id) {
    return id.length() > MAX_LENGTH ? Digest.of(id) : id;
  }

  /** An outage, such as of a server that has the client's keys, says nothing about the client. */
  private void failed(Throwable failure, String pair, String network, Client client) {
    if (!(failure instanceof OAuthException)) {
      return;
    }
    audit.tell(Kind.CLIENT_REFUSED, Map.of("client", client.id(), "address", network));
    failures.admit(pair);
  }
}
