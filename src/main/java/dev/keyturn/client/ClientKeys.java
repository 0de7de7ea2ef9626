package dev.keyturn.client;

import com.nimbusds.jose.jwk.JWK;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The public keys by which a client signs its assertions: listed, or published at a URL.
 *
 * @param algorithm the only one that it signs under; empty: any that its keys know
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591, section 2</a>
 */
public record ClientKeys(List<JWK> listed, Optional<URI> url, Optional<String> algorithm) {
  public ClientKeys {
    listed = List.copyOf(listed);
    if (listed.isEmpty() == url.isEmpty()) {
      throw new IllegalArgumentException("keys are listed or published, and not both");
    }
  }

  public static ClientKeys listed(List<JWK> keys, Optional<String> algorithm) {
    return new ClientKeys(keys, Optional.empty(), algorithm);
  }

  public static ClientKeys published(URI url, Optional<String> algorithm) {
    return new ClientKeys(List.of(), Optional.of(url), algorithm);
  }

  /** What a client commits to: where its keys are published, or which ones they are. */
  Set<String> names() {
    var names = new TreeSet<String>();
    url.ifPresent(at -> names.add(at.toString()));
    listed.forEach(key -> names.add(PublicKeys.thumbprint(key)));
    return names;
  }

  /** The members of client metadata that say this. */
  public JsonObject toJson() {
    var json = new JsonObject();
    url.ifPresent(at -> json.put("jwks_uri", at.toString()));
    if (!listed.isEmpty()) {
      json.put("jwks", new JsonObject(PublicKeys.write(listed)));
    }
    algorithm.ifPresent(name -> json.put("token_endpoint_auth_signing_alg", name));
    return json;
  }

  /** What {@link #toJson} wrote; empty if it says nothing of keys. */
  public static Optional<ClientKeys> fromJson(JsonObject json) {
    var algorithm = Optional.ofNullable(json.getString("token_endpoint_auth_signing_alg"));
    return Optional.ofNullable(json.getJsonObject("jwks"))
        .map(set -> listed(PublicKeys.parse(Buffer.buffer(set.encode())), algorithm))
        .or(
            () ->
                Optional.ofNullable(json.getString("jwks_uri"))
                    .map(at -> published(URI.create(at), algorithm)));
  }
}
