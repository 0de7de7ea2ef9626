package dev.keyturn.bench;

import dev.keyturn.given.Jar;
import dev.keyturn.given.Place;
import dev.keyturn.given.Running;
import dev.keyturn.given.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;

/** A process of {@code serve} that is ended in every way and started again. */
final class SoakServer implements Place, AutoCloseable {
  /** All of the heap is there from the beginning, so that only what is new makes it larger. */
  private static final List<String> JVM = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

  private final URI issuer;
  private final int port;
  private final Path folder;
  private final String name;
  private final Wire wire;
  private Running process;

  /**
   * @param document the configuration for a port
   */
  SoakServer(HttpClient http, int issuer, int port, Path folder, IntFunction<String> document) {
    this.issuer = URI.create("http://127.0.0.1:" + issuer);
    this.port = port;
    this.folder = folder;
    this.name = "keyturn-" + port + ".yaml";
    this.wire = new Wire(() -> http, Network.way(this.issuer, port));
    try {
      Files.writeString(folder.resolve(name), document.apply(port));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    start();
  }

  void start() {
    process = Jar.start(folder, JVM, "serve", "--config", name);
    process.line(line -> line.contains("started"));
  }

  void kill() {
    process.kill();
  }

  void stop() {
    process.stop();
  }

  long pid() {
    return process.pid();
  }

  /** Its own port, where a client that drops answers connects by itself. */
  int port() {
    return port;
  }

  Wire wire() {
    return wire;
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

  @Override
  public void close() {
    process.close();
  }
}
