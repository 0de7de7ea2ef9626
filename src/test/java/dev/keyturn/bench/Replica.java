package dev.keyturn.bench;

import dev.keyturn.given.Answer;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Jar;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Place;
import dev.keyturn.given.Running;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/** One process of the server, with a mount of its own for each kind of secret. */
final class Replica implements Place, AutoCloseable {
  private static final List<String> JVM = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

  private final Network network;
  private final URI issuer;
  private final int port;
  private final int management = FreePorts.next();
  private final Mounts mounts;
  private final Wire wire;
  private Running process;

  Replica(Network network, URI issuer, int port, Path folder, Materials secrets, Document text) {
    this.network = network;
    this.issuer = issuer;
    this.port = port;
    this.wire = new Wire(network::client, Network.way(issuer, port));
    this.mounts = new Mounts(folder, number -> text.at(issuer, port, management, folder, number));
    for (var kind : Kind.values()) {
      mounts.swap(kind, secrets.content(kind));
    }
    this.process = start(folder, mounts);
  }

  private static Running start(Path folder, Mounts mounts) {
    var config = mounts.of(Kind.CONFIGURATION).file("keyturn.yaml").toString();
    var process = Jar.start(folder, JVM, "serve", "--config", config);
    process.line(line -> line.contains("started"));
    return process;
  }

  /** Ends it at once, and starts it with what is mounted then. */
  void killAndStart() {
    process.kill();
    process = start(mounts.of(Kind.SIGNING).directory().getParent(), mounts);
  }

  /** Writes its configuration. */
  @FunctionalInterface
  interface Document {
    String at(URI issuer, int port, int management, Path folder, String number);
  }

  Mounts mounts() {
    return mounts;
  }

  Wire wire() {
    return wire;
  }

  List<String> lines() {
    return process.lines();
  }

  long pid() {
    return process.pid();
  }

  /** How many generations it has taken since its start. */
  long generation() {
    return ready().getJsonObject("configuration").getLong("generation");
  }

  @Override
  public URI url(String path) {
    return URI.create(issuer + path);
  }

  @Override
  public URI browserUrl(String path) {
    return url(path);
  }

  @Override
  public URI mcp() {
    return url("/mcp");
  }

  /** The readiness detail. */
  JsonObject ready() {
    return managed("/readyz").json();
  }

  Answer managed(String path) {
    return wire.get(URI.create("http://127.0.0.1:" + management + path));
  }

  JsonArray refused() {
    return ready().getJsonObject("configuration").getJsonArray("refused");
  }

  /** The id of the key of that kind that signs or seals. */
  Optional<String> signer(Kind kind) {
    return ready().getJsonArray("keys").stream()
        .map(JsonObject.class::cast)
        .filter(key -> key.getString("kind").equals(kind.wire()))
        .filter(key -> key.getString("state").equals("signing"))
        .map(key -> key.getString("id"))
        .findFirst();
  }

  /** The certificate that a handshake shows now. */
  X509Certificate certificate() {
    try (var socket = network.tls().getSocketFactory().createSocket("127.0.0.1", port)) {
      ((SSLSocket) socket).startHandshake();
      return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.close();
  }

  /** The mounts by their kind. */
  static final class Mounts {
    private final Map<Kind, Mount> mounts = new EnumMap<>(Kind.class);
    private final java.util.function.UnaryOperator<String> document;

    Mounts(Path folder, java.util.function.UnaryOperator<String> document) {
      this.document = document;
      for (var kind : Kind.values()) {
        mounts.put(kind, new Mount(folder.resolve(kind.wire())));
      }
    }

    Mount of(Kind kind) {
      return mounts.get(kind);
    }

    void swap(Kind kind, Map<String, byte[]> content) {
      if (kind == Kind.CONFIGURATION && content.containsKey("number")) {
        var number = new String(content.get("number"), java.nio.charset.StandardCharsets.US_ASCII);
        of(kind).swap("keyturn.yaml", document.apply(number));
      } else {
        of(kind).swap(content);
      }
    }
  }
}
