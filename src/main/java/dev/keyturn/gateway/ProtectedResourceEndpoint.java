package dev.keyturn.gateway;

import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The metadata of the protected resources, which lead a client from a resource to its authorization
 * server.
 *
 * <p>The document of the only backend also answers without the resource's path, for clients that do
 * not know where it goes. Of several backends that document would be a guess, so there is none.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-3">RFC 9728, section 3</a>
 */
public final class ProtectedResourceEndpoint implements Endpoint {
  private final Issuer issuer;
  private final Backends backends;

  public ProtectedResourceEndpoint(Issuer issuer, Backends backends) {
    this.issuer = issuer;
    this.backends = backends;
  }

  @Override
  public List<Route> routes() {
    return backends.all().stream().map(this::route).toList();
  }

  private Route route(Backend backend) {
    var paths = new LinkedHashSet<String>();
    paths.add(backend.metadataPath());
    if (backends.all().size() == 1) {
      paths.add(Backend.WELL_KNOWN);
    }
    var reply = Reply.json(200, document(backend)).with("Cache-Control", "public, max-age=300");
    return Route.forPrograms(
        List.copyOf(paths), Set.of("GET"), request -> Future.succeededFuture(reply));
  }

  private JsonObject document(Backend backend) {
    var document =
        new JsonObject()
            .put("resource", backend.resource().value())
            .put("authorization_servers", JsonArray.of(issuer.value()));
    if (!backend.scopes().isEmpty()) {
      document.put("scopes_supported", new JsonArray(List.copyOf(backend.scopes().names())));
    }
    return document.put("bearer_methods_supported", JsonArray.of("header"));
  }
}
