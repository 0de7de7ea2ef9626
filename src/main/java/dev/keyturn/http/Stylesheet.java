package dev.keyturn.http;

import dev.keyturn.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The one stylesheet of the pages, named by its content so that browsers may keep it for ever. */
record Stylesheet(String path, Buffer css) implements Endpoint {
  private static final String RESOURCE = "/dev/keyturn/http/keyturn.css";

  static Stylesheet load(Issuer issuer) {
    try (var in = Objects.requireNonNull(Stylesheet.class.getResourceAsStream(RESOURCE))) {
      var css = in.readAllBytes();
      var digest = MessageDigest.getInstance("SHA-256").digest(css);
      var name = "keyturn-" + HexFormat.of().formatHex(digest, 0, 8) + ".css";
      return new Stylesheet(issuer.route("/oauth/assets/" + name), Buffer.buffer(css));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public List<Route> routes() {
    return List.of(Route.forPeople(List.of(path), Set.of("GET"), this::answer));
  }

  private Future<Reply> answer(Request request) {
    return Future.succeededFuture(
        new Reply(
            200,
            List.of(
                Map.entry("Content-Type", "text/css; charset=utf-8"),
                Map.entry("Cache-Control", "public, max-age=31536000, immutable")),
            css));
  }
}
