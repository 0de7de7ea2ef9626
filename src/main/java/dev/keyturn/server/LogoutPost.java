package dev.keyturn.server;

import dev.keyturn.client.Client;
import dev.keyturn.http.GuardedFetch;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.logout.ClientNotices;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How clients are told of logouts: an address that the operator wrote may be behind our own door,
 * one that a stranger named goes by the guarded way, and counts for that client.
 */
record LogoutPost(OutgoingHttp operators, Supplier<GuardedFetch> strangers)
    implements ClientNotices.Post {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");

  @Override
  public Future<Integer> send(Client client, URI to, Buffer form) {
    return client.isStranger()
        ? strangers.get().post(to, form, "client " + client.id())
        : operators.post(to, FORM, form).map(OutgoingHttp.Answer::status);
  }
}
