package dev.keyturn.authorize;

import dev.keyturn.given.GivenServer;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A browser that asks for one page after the other, and the answers before they are written. */
final class GivenBrowser implements AutoCloseable {
  private final AtomicReference<Function<Request, Future<Reply>>> action =
      new AtomicReference<>(request -> Future.succeededFuture(Reply.empty(204)));
  private final AtomicReference<Reply> answered = new AtomicReference<>();
  private final GivenServer server = GivenServer.with(GivenRequest.ISSUER, List.of(new Anything()));

  /** What {@code answer} says to a request of this browser. */
  Reply asks(Function<Request, Future<Reply>> answer) {
    action.set(answer);
    answered.set(Reply.empty(204));
    server.send(server.request("GET", "/", "").header("Accept-Language", "en"));
    return Objects.requireNonNull(answered.get());
  }

  @Override
  public void close() {
    server.close();
  }

  private final class Anything implements Endpoint {
    @Override
    public List<Route> routes() {
      return List.of(
          Route.forPeople(
              List.of("/"),
              Set.of("GET"),
              request -> action.get().apply(request).onSuccess(answered::set)));
    }
  }
}
