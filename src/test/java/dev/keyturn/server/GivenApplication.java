package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.Answer;
import dev.keyturn.given.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;

/** An application with routes of its own, and a server to be mounted there. */
final class GivenApplication implements AutoCloseable {
  static final String API = "http://127.0.0.1:8080/api";
  static final String MCP = "http://127.0.0.1:8080/mcp";

  final Vertx vertx = Vertx.vertx();
  final Router router = Router.router(vertx);
  final RunConfig config = config("", "http://127.0.0.1:9/mcp");
  private final Wire wire = new Wire();
  private final HttpServer http =
      done(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));

  /** The configuration of a server that opens nothing and whose provider is down. */
  static String document(String issuerPath, String backend) {
    return """
    issuer: %s%s
    server: {port: 0, management_port: 0}
    storage: {type: memory}
    scopes_supported: [openid, offline_access, "notes:read", "notes:write"]
    allowed_audiences: ["%s"]
    upstreams:
      - {type: oidc, oidc_config: {issuer_url: "http://127.0.0.1:9", client_id: c}}
    clients:
      - {client_id: c1, redirect_uris: ["https://c1.example/callback"]}
      - {client_id: desk, redirect_uris: ["https://desk.example/callback"]}
    gateway:
      backends:
        - {path: /mcp%s, url: "%s", outgoing: {type: unauthenticated}}
    """
        .formatted(GivenConfig.ISSUER, issuerPath, API, issuerPath, backend);
  }

  static RunConfig config(String issuerPath, String backend) {
    var reader = new RunConfigReader(Map.of(), new SecureRandom());
    return reader
        .read(document(issuerPath, backend), Path.of(""))
        .orElseThrow(() -> new AssertionError(reader.findings().errors().toString()));
  }

  /** A builder for a server to be mounted. */
  AuthorizationServerBuilder builder() {
    return builder(config);
  }

  AuthorizationServerBuilder builder(RunConfig other) {
    return AuthorizationServer.builder(vertx)
        .config(other)
        .crypto(CryptoProvider.jdk("test"))
        .auditSink(event -> {})
        .mounted();
  }

  AuthorizationServer started() {
    return done(builder().start());
  }

  /** An access token of the usual configuration. */
  String token(String resource, String scope) {
    return GivenToken.signed(vertx, GivenConfig.keys(config), resource, scope);
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + http.actualPort() + path);
  }

  Answer get(String path) {
    return wire.get(url(path));
  }

  Answer send(String method, String path, Map<String, String> headers, String body) {
    return wire.send(method, url(path), headers, body);
  }

  Answer withToken(String method, String path, String token) {
    return send(method, path, Map.of("Authorization", "Bearer " + token), "");
  }

  int port() {
    return http.actualPort();
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
