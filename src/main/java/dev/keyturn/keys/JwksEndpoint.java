package dev.keyturn.keys;

import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Publishes the public keys that tokens are verified by.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-2">RFC 8414, section 2</a>
 */
public final class JwksEndpoint implements Endpoint {
  private static final String PATH = "/.well-known/jwks.json";

  private final Issuer issuer;
  private final Supplier<SigningKeys> snapshot;
  private final String cacheControl;
  private volatile Optional<Published> newest = Optional.empty();

  /**
   * @param snapshot the keys of the moment
   * @param maxAge how long a verifier may go without looking; a new key must not sign before
   */
  public JwksEndpoint(Issuer issuer, Supplier<SigningKeys> snapshot, Duration maxAge) {
    this.issuer = issuer;
    this.snapshot = snapshot;
    this.cacheControl = "public, max-age=" + maxAge.toSeconds();
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.forPrograms(List.of(issuer.route(PATH)), Set.of("GET"), this::answer));
  }

  @Override
  public Map<String, Object> metadata() {
    return Map.of("jwks_uri", issuer.url(PATH));
  }

  private Future<Reply> answer(Request request) {
    var published = published();
    var reply =
        request.header("If-None-Match").filter(published::isNamedIn).isPresent()
            ? Reply.empty(304)
            : published.document();
    return Future.succeededFuture(
        reply.with("ETag", published.tag()).with("Cache-Control", cacheControl));
  }

  private Published published() {
    var keys = snapshot.get();
    return newest.filter(published -> published.keys() == keys).orElseGet(() -> renew(keys));
  }

  private Published renew(SigningKeys keys) {
    var published = Published.of(keys);
    newest = Optional.of(published);
    return published;
  }

  /** The document of one snapshot and its entity tag. */
  private record Published(SigningKeys keys, Reply document, String tag) {
    static Published of(SigningKeys keys) {
      var document = Reply.json(200, keys.jwks());
      return new Published(keys, document, '"' + Digest.of(document.body().toString()) + '"');
    }

    /** Compares weakly, as RFC 9110, section 13.1.2 says for this header. */
    boolean isNamedIn(String ifNoneMatch) {
      return Arrays.stream(ifNoneMatch.split(","))
          .map(String::trim)
          .anyMatch(named -> named.equals("*") || named.equals(tag) || named.equals("W/" + tag));
    }
  }
}
