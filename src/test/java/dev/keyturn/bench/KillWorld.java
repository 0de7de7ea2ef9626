package dev.keyturn.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.given.FreePorts;
import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Three processes with a Redis, each reached by a way that is watched, and a strict provider. */
final class KillWorld implements AutoCloseable {
  static final String PREFIX = "kt:";
  static final String UPSTREAM = "company";
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(4);
  static final int PROCESSES = 3;

  private static final String SECRET = "secret-of-";
  private static final String SOON = "1000";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder = folder();
  private final KillOrder order = new KillOrder();
  private final OnceGrants grants = new OnceGrants();
  private final OnceProvider provider = new OnceProvider(grants, order);
  private final RefreshProgress progress = new RefreshProgress(order, grants::hasAnswered);
  private final RedisLab redis = RedisLab.standalone(folder);
  private final List<WatchedRedis> ways = new ArrayList<>();
  private final List<SoakServer> servers = new ArrayList<>();
  private final String plant;

  /**
   * @param plant what is broken on purpose; nothing if empty
   */
  KillWorld(String plant) {
    this.plant = plant;
    secrets();
    if (plant.equals("silent")) {
      provider.refuseSilently();
    }
    var issuer = FreePorts.next();
    for (int i = 0; i < PROCESSES; i++) {
      var way = new WatchedRedis(i, node().port(), progress, planted());
      ways.add(way);
      var process = i;
      servers.add(
          new SoakServer(
              http,
              issuer,
              i == 0 ? issuer : FreePorts.next(),
              folder,
              port -> document(process, issuer, port, way.port())));
    }
  }

  List<SoakServer> servers() {
    return List.copyOf(servers);
  }

  OnceGrants grants() {
    return grants;
  }

  OnceProvider provider() {
    return provider;
  }

  RefreshProgress progress() {
    return progress;
  }

  KillOrder order() {
    return order;
  }

  /**
   * Starts a process again that is dead. Leases that it had end soon, as if the two minutes had
   * passed for which they live.
   */
  void bringBack(int process) {
    ways.get(process).drain();
    progress
        .died(process)
        .forEach(entry -> node().ask("PEXPIRE", PREFIX + "vault-lease/" + entry, SOON));
    servers.get(process).start();
  }

  /** Which process has that secret. */
  static int processOf(String secret) {
    return Integer.parseInt(secret.substring(SECRET.length()));
  }

  @Override
  public void close() {
    servers.forEach(SoakServer::close);
    ways.forEach(WatchedRedis::close);
    redis.close();
    provider.close();
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RedisNode node() {
    return redis.servers().get(0);
  }

  /** Leases that everybody gets, and writes over whatever is there. */
  private UnaryOperator<RedisFrame> planted() {
    if (!plant.equals("fence")) {
      return command -> command;
    }
    return command -> RefreshProgress.isFenced(command) ? unfenced(command) : command;
  }

  private static RedisFrame unfenced(RedisFrame command) {
    var words = command.words();
    var value = words.get(words.size() - 2);
    return RedisFrame.of(
        List.of(
            "EVAL",
            "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1",
            "1",
            words.get(3),
            value,
            words.get(words.size() - 1)));
  }

  private void secrets() {
    try (var key = KillWorld.class.getResourceAsStream("/dev/keyturn/keys/p256-pkcs8.pem")) {
      Files.write(folder.resolve("key.pem"), key.readAllBytes());
      Files.write(folder.resolve("hmac"), "h".repeat(48).getBytes(US_ASCII));
      Files.writeString(folder.resolve("redis-password"), RedisNode.PASSWORD);
      for (int i = 0; i < PROCESSES; i++) {
        Files.writeString(folder.resolve("client-secret-" + i), SECRET + i);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each process has a client secret of its own, by which the provider tells them apart. */
  private String document(int process, int issuer, int port, int store) {
    return """
    issuer: http://127.0.0.1:%d
    rate_limits: {enabled: false}
    server: {host: 127.0.0.1, port: %d, management_port: 0}
    storage:
      type: redis
      redis_config:
        {addr: "127.0.0.1:%d", key_prefix: "%s", acl_user_config: {password_file: redis-password}}
    signing_key_config: {signing_key_file: key.pem}
    hmac_secret_files: [hmac]
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    upstreams:
      - name: %s
        type: oidc
        %s
        oidc_config:
          issuer_url: "%s"
          client_id: keyturn
          client_secret_file: client-secret-%d
          answer_timeout: %ds
    gateway:
      backends:
        - {path: /mcp, url: "%s/mcp", scopes: ["mcp:tools"], resource: "http://127.0.0.1:%d/mcp"}
    """
        .formatted(
            issuer,
            port,
            store,
            PREFIX,
            UPSTREAM,
            plant.equals("rotates") ? "rotates: false" : "allow: anyone",
            provider.issuer(),
            process,
            ANSWER_TIMEOUT.toSeconds(),
            provider.issuer(),
            issuer);
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("keyturn-refresh-kill");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
