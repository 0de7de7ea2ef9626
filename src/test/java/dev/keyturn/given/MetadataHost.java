package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The web server of a client, by real TLS on loopback, with a certificate of an authority that
 * nobody but a test trusts. What it answers is changed while it runs.
 */
public final class MetadataHost implements AutoCloseable {
  private static final GivenCertificate AUTHORITY = GivenCertificate.good();
  private static final Path AUTHORITY_FILE = authorityFile();

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Handler<HttpServerRequest>> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final HttpServer server;

  private MetadataHost(String name, String... others) {
    names.add(name);
    names.addAll(List.of(others));
    var certificate = AUTHORITY.issues(names.toArray(String[]::new));
    this.server =
        done(
            vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(
                            new PemKeyCertOptions()
                                .addKeyValue(Buffer.buffer(certificate.keyPem()))
                                .addCertValue(Buffer.buffer(certificate.certificatePem()))))
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1"));
  }

  /** One that is there under a name, and under others if need be. */
  public static MetadataHost started(String name, String... others) {
    return new MetadataHost(name, others);
  }

  /** The certificate that a client of it must trust, in PEM. */
  public static String authorityPem() {
    return AUTHORITY.certificatePem();
  }

  /** The setting of a server that finds this host, and trusts it. */
  public String setting() {
    return setting("");
  }

  /** The same with more members of {@code cimd}. */
  public String setting(String more) {
    var hosts =
        names.stream()
            .map(host -> "\"%s\": \"%s\"".formatted(host, place()))
            .collect(Collectors.joining(", "));
    return "cimd: {test: {ca_bundle_file: \"%s\", hosts: {%s}}%s}"
        .formatted(AUTHORITY_FILE, hosts, more.isEmpty() ? "" : ", " + more);
  }

  public int port() {
    return server.actualPort();
  }

  /** Where it really is, as the test setting of a host wants it. */
  public String place() {
    return "127.0.0.1:" + port();
  }

  public String name() {
    return names.get(0);
  }

  /** A URL of it, without the port that only this process knows. */
  public URI url(String path) {
    return URI.create("https://" + name() + path);
  }

  /** Publishes a document at {@code path}. */
  public MetadataHost publish(String path, JsonObject document) {
    return publish(path, document, Map.of());
  }

  /** Publishes a document, with further headers. */
  public MetadataHost publish(String path, JsonObject document, Map<String, String> headers) {
    return answer(
        path,
        request -> {
          headers.forEach(request.response()::putHeader);
          request.response().putHeader("Content-Type", "application/json").end(document.toBuffer());
        });
  }

  /** Publishes whatever {@code body} is. */
  public MetadataHost publish(String path, String type, String body) {
    return answer(path, request -> request.response().putHeader("Content-Type", type).end(body));
  }

  /** Answers with that status and nothing else. */
  public MetadataHost fail(String path, int status) {
    return answer(path, request -> request.response().setStatusCode(status).end());
  }

  public MetadataHost redirect(String path, String location) {
    return answer(
        path,
        request ->
            request.response().setStatusCode(302).putHeader("Location", location).end("moved"));
  }

  /** Keeps whoever asks waiting. */
  public MetadataHost beSilent(String path) {
    return answer(path, request -> {});
  }

  /** Sends a body that never ends, byte by byte: each time soon enough for a time per byte. */
  public MetadataHost drip(String path) {
    return answer(
        path,
        request -> {
          var response = request.response().setChunked(true);
          response.putHeader("Content-Type", "application/json").write("{");
          var timer = vertx.setPeriodic(20, tick -> response.write(" "));
          response.closeHandler(gone -> vertx.cancelTimer(timer));
        });
  }

  /** Answers requests for {@code path} from now on. */
  public MetadataHost answer(String path, Handler<HttpServerRequest> handler) {
    answers.put(path, handler);
    return this;
  }

  /** How many requests there were for {@code path}. */
  public long requests(String path) {
    return requests.stream().filter(path::equals).count();
  }

  /** How many requests there were at all. */
  public int requests() {
    return requests.size();
  }

  /** Every request so far: the name that TLS was told, {@code Host}, and all other headers. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  /** Stops listening, as a host does that is away. */
  public void goAway() {
    done(server.close());
  }

  @Override
  public void close() {
    done(vertx.close());
  }

  private static Path authorityFile() {
    try {
      var file = Files.createTempFile("authority", ".pem");
      file.toFile().deleteOnExit();
      return Files.writeString(file, authorityPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpServerRequest request) {
    requests.add(request.uri());
    heads.add(
        request.connection().indicatedServerName() + " " + request.headers().entries().toString());
    answers
        .getOrDefault(request.uri(), unknown -> unknown.response().setStatusCode(404).end())
        .handle(request);
  }
}
