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
 * <p>The document of the only resource also answers without the resource's path, for clients that
 * do not know where it goes. Of several resources that document would be a guess, so there is none.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-3">RFC 9728, section 3</a>
 */
public final class ProtectedResourceEndpoint implements Endpoint {
  private final Issuer issuer;
  private final List<ProtectedResource> resources;

  public ProtectedResourceEndpoint(Issuer issuer, List<ProtectedResource> resources) {
    this.issuer = issuer;
    this.resources = List.copyOf(resources);
  }

  @Override
  public List<Route> routes() {
    return resources.stream().map(this::route).toList();
  }

  private Route route(ProtectedResource resource) {
    var paths = new LinkedHashSet<String>();
    paths.add(resource.metadataPath());
    if (resources.size() == 1) {
      paths.add(ProtectedResource.WELL_KNOWN);
    }
    var reply = Reply.json(200, document(resource)).with("Cache-Control", "public, max-age=300");
    return Route.forPrograms(
        List.copyOf(paths), Set.of("GET"), request -> Future.succeededFuture(reply));
  }

  private JsonObject document(ProtectedResource resource) {
    var document =
        new JsonObject()
            .put("resource", resource.resource().value())
            .put("authorization_servers", JsonArray.of(issuer.value()));
    if (!resource.scopes().isEmpty()) {
      document.put("scopes_supported", new JsonArray(List.copyOf(resource.scopes().names())));
    }
    return document.put("bearer_methods_supported", JsonArray.of("header"));
  }
}
