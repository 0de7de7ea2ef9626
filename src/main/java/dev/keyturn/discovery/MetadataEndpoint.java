package dev.keyturn.discovery;

import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The metadata document, one and the same for OAuth and for OpenID Connect.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-3">RFC 8414, section 3</a>
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig">OpenID
 *     Connect Discovery, section 4</a>
 */
public final class MetadataEndpoint implements Endpoint {
  private final Issuer issuer;
  private final JsonObject document;
  private final String etag;

  /**
   * @param endpoints all that are mounted
   * @param more what no endpoint says of itself, such as {@code scopes_supported}
   */
  public MetadataEndpoint(
      Issuer issuer, Collection<? extends Endpoint> endpoints, Map<String, Object> more) {
    this.issuer = issuer;
    var fields = new LinkedHashMap<String, Object>();
    fields.put("issuer", issuer.value());
    endpoints.forEach(
        endpoint ->
            endpoint
                .metadata()
                .forEach((name, value) -> fields.merge(name, value, MetadataEndpoint::join)));
    fields.putAll(more);
    this.document = new JsonObject(fields);
    this.etag = "\"" + Digest.of(document.encode()).substring(0, 16) + "\"";
  }

  @Override
  public List<Route> routes() {
    var paths =
        Stream.of("oauth-authorization-server", "openid-configuration")
            .flatMap(name -> issuer.wellKnown(name).stream())
            .toList();
    return List.of(Route.forPrograms(paths, Set.of("GET"), this::answer));
  }

  private Future<Reply> answer(Request request) {
    var known =
        request.header("If-None-Match").map(tags -> tags.contains(etag) || tags.trim().equals("*"));
    var reply = known.orElse(false) ? Reply.empty(304) : Reply.json(200, document);
    return Future.succeededFuture(
        reply.with("ETag", etag).with("Cache-Control", "public, max-age=300"));
  }

  private static Object join(Object one, Object other) {
    if (one instanceof Collection<?> first && other instanceof Collection<?> second) {
      return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }
    return other;
  }
}
