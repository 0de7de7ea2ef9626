package dev.keyturn.given;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The client secrets that a fake provider knows, and those that it was shown; a key counts by its
 * name.
 */
public final class KnownSecrets {
  /** What was shown at the token endpoint, in order. */
  public final List<String> shown = new CopyOnWriteArrayList<>();

  private volatile Optional<List<String>> known = Optional.empty();

  /** Knows these and no others from now on; until then any will do. */
  public void are(String... secrets) {
    known = Optional.of(List.of(secrets));
  }

  boolean admit(HttpServerRequest request) {
    var secret =
        Optional.ofNullable(request.getHeader("Authorization"))
            .map(KnownSecrets::ofBasic)
            .or(() -> Optional.ofNullable(request.getFormAttribute("client_secret")))
            .or(
                () ->
                    Optional.ofNullable(request.getFormAttribute("client_assertion"))
                        .map(KnownSecrets::ofAssertion))
            .orElse("");
    shown.add(secret);
    return known.map(secrets -> secrets.contains(secret)).orElse(true);
  }

  private static String ofAssertion(String assertion) {
    var header = Base64.getUrlDecoder().decode(assertion.substring(0, assertion.indexOf('.')));
    return new JsonObject(Buffer.buffer(header)).getString("kid");
  }

  private static String ofBasic(String header) {
    var pair = Base64.getDecoder().decode(header.replace("Basic ", ""));
    return new String(pair, StandardCharsets.UTF_8).replaceFirst(".*:", "");
  }
}
