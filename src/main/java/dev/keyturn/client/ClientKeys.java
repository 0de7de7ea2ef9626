package dev.keyturn.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.JWK;
import dev.keyturn.oauth.Uris;
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
  private static final String LISTED = "jwks";
  private static final String PUBLISHED = "jwks_uri";
  private static final String ALGORITHM = "token_endpoint_auth_signing_alg";
  private static final int MAX_URL = 2048;

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

  /**
   * The keys that a client's metadata names, which must name some.
   *
   * @throws IllegalArgumentException with a sentence about the member that is wrong
   */
  public static ClientKeys of(JsonNode metadata) {
    if (metadata.hasNonNull(LISTED) == metadata.hasNonNull(PUBLISHED)) {
      throw new IllegalArgumentException("jwks or jwks_uri must be given, and not both");
    }
    var algorithm = Optional.ofNullable(metadata.path(ALGORITHM).textValue());
    if (!algorithm.map(ClientAssertion::isAlgorithm).orElse(true)) {
      throw new IllegalArgumentException(
          ALGORITHM + " must be one of " + String.join(", ", ClientAssertion.algorithms()));
    }
    return metadata.hasNonNull(LISTED)
        ? listed(read(metadata.path(LISTED)), algorithm)
        : published(url(metadata.path(PUBLISHED).asText("")), algorithm);
  }

  private static List<JWK> read(JsonNode set) {
    try {
      return PublicKeys.read(set);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(LISTED + " " + e.getMessage());
    }
  }

  private static URI url(String text) {
    return Uris.parse(text)
        .filter(at -> text.length() <= MAX_URL)
        .filter(at -> "https".equals(at.getScheme()) && at.getHost() != null)
        .orElseThrow(() -> new IllegalArgumentException(PUBLISHED + " must be an https URL"));
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
    url.ifPresent(at -> json.put(PUBLISHED, at.toString()));
    if (!listed.isEmpty()) {
      json.put(LISTED, new JsonObject(PublicKeys.write(listed)));
    }
    algorithm.ifPresent(name -> json.put(ALGORITHM, name));
    return json;
  }

  /** What {@link #toJson} wrote; empty if it says nothing of keys. */
  public static Optional<ClientKeys> fromJson(JsonObject json) {
    var algorithm = Optional.ofNullable(json.getString(ALGORITHM));
    return Optional.ofNullable(json.getJsonObject(LISTED))
        .map(set -> listed(PublicKeys.parse(Buffer.buffer(set.encode())), algorithm))
        .or(
            () ->
                Optional.ofNullable(json.getString(PUBLISHED))
                    .map(at -> published(URI.create(at), algorithm)));
  }
}
