package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@code serve} as a process, with its secrets in files, before an MCP server whose tool asks the
 * provider whose token arrived. The provider is asked again at each refresh.
 */
public final class ServedProcess implements Place, AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;
  private final Running process;

  private ServedProcess(Path folder, int port, String upstream, URI userinfo, String subject) {
    this.port = port;
    var mcp = done(new SampleMcpServer(vertx, "127.0.0.1", 0, ask(userinfo, subject)).start());
    this.process = start(folder, upstream, mcp);
    process.line(line -> line.contains("started"));
  }

  /**
   * Starts it.
   *
   * @param upstream the identity provider, as a YAML flow mapping
   * @param userinfo tells whose an upstream token is
   * @param subject the member of its answer that names the person
   */
  public static ServedProcess started(
      Path folder, int port, String upstream, URI userinfo, String subject) {
    return new ServedProcess(folder, port, upstream, userinfo, subject);
  }

  @Override
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public URI browserUrl(String path) {
    return url(path);
  }

  @Override
  public URI mcp() {
    return url("/mcp");
  }

  /** The first line of its log that is looked for. */
  public String line(Predicate<String> wanted) {
    return process.line(wanted);
  }

  @Override
  public void close() {
    process.close();
    done(vertx.close());
  }

  private Running start(Path folder, String upstream, URI mcp) {
    try (var key = ServedProcess.class.getResourceAsStream("/dev/keyturn/keys/p256-pkcs8.pem")) {
      Files.write(folder.resolve("key.pem"), key.readAllBytes());
      Files.write(folder.resolve("hmac"), "h".repeat(48).getBytes(US_ASCII));
      Files.write(folder.resolve("vault"), "v".repeat(32).getBytes(US_ASCII));
      Files.writeString(folder.resolve("client-secret"), "upstream-secret\n");
      Files.writeString(folder.resolve("keyturn.yaml"), document(upstream, mcp));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Jar.start(folder, "serve", "--config", "keyturn.yaml");
  }

  private String document(String upstream, URI mcp) {
    return """
    issuer: %s
    rate_limits: {enabled: false}
    server: {host: 127.0.0.1, port: %d, management_port: 0}
    storage: {type: memory}
    session: {recheck: 100ms}
    secrets: {poll_interval: 200ms}
    signing_key_config: {signing_key_file: key.pem}
    hmac_secret_files: [hmac]
    vault: {key_files: [vault]}
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    upstreams:
      - %s
    gateway:
      backends:
        - {path: /mcp, url: "%s", scopes: ["mcp:tools"]}
    """
        .formatted(url(""), port, upstream, mcp);
  }

  private java.util.function.Function<String, Future<Optional<TokenFacts>>> ask(
      URI userinfo, String subject) {
    return token ->
        Future.fromCompletionStage(
            client
                .sendAsync(
                    HttpRequest.newBuilder(userinfo)
                        .header("Authorization", "Bearer " + token)
                        .header("User-Agent", "tests")
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> facts(answer, subject)));
  }

  private static Optional<TokenFacts> facts(HttpResponse<String> answer, String subject) {
    return answer.statusCode() == 200
        ? Optional.of(
            new TokenFacts(
                new JsonObject(answer.body()).getString(subject), Optional.empty(), Instant.EPOCH))
        : Optional.empty();
  }
}
