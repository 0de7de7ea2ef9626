package dev.keyturn.bench;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.given.DelegatingStore;
import dev.keyturn.given.FlowStore;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.Patience;
import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.store.file.FileStore;
import dev.keyturn.store.file.StoreFolder;
import dev.keyturn.token.Lifespans;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** How much a session that was refreshed takes in each store: {@code bench/session-size}. */
public final class SessionSize {
  private static final Duration DAY = Duration.ofDays(1);
  private static final int AT_ONCE = 100;
  private static final int CAPACITY = 5_000_000;

  private final int sessions;
  private final Buffer session = session();

  private SessionSize(int sessions) {
    this.sessions = sessions;
  }

  /** Runs it with the options {@code --sessions --storage}. */
  public static void main(String... arguments) throws IOException {
    var options = Options.of(arguments);
    var size = new SessionSize(options.number("sessions", 1_000_000));
    var storage = options.text("storage", "all");
    if (storage.equals("all") || storage.equals("memory")) {
      size.inMemory();
    }
    if (storage.equals("all") || storage.equals("file")) {
      size.inFile();
    }
    if (storage.equals("all") || storage.equals("redis")) {
      size.inRedis();
    }
    System.exit(0);
  }

  /** What a server stores for a session after its first refresh. */
  private static Buffer session() {
    var last = new ArrayList<Buffer>();
    var store =
        new DelegatingStore(new MemoryStore(Clock.systemUTC(), 10)) {
          @Override
          public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
            last.add(next);
            return super.replace(key, version, next, ttl);
          }
        };
    var given = new GivenSessions(store, Clock.systemUTC(), Lifespans.DEFAULT);
    var login = given.authorization("openid profile email offline_access mcp:tools");
    var begun = given.tokens.begin(login, GivenSessions.RESOURCE, Optional.empty(), true);
    done(given.tokens.refresh(done(begun).refreshToken().orElseThrow(), GivenSessions::everything));
    return last.get(0);
  }

  private void inMemory() {
    var store = new MemoryStore(Clock.systemUTC(), CAPACITY);
    measure("memory", store, SessionSize::reachable);
    done(store.close());
  }

  private void inFile() throws IOException {
    var folder = new StoreFolder(Files.createTempDirectory(Path.of("target"), "session-size"));
    var store = FileStore.open(folder, Clock.systemUTC(), CAPACITY, kind -> {});
    measure("file", store, () -> sizeOf(folder.data()));
    done(store.close());
    measured("file, heap of its process", reachable(), 1);
  }

  private void inRedis() throws IOException {
    var vertx = Vertx.vertx();
    try (var lab = RedisLab.standalone(Files.createTempDirectory("session-size"))) {
      var node = lab.servers().get(0);
      measure("redis", FlowStore.in(vertx, node), () -> usedBy(node));
    } finally {
      done(vertx.close());
    }
  }

  private void measure(String name, KeyValueStore store, LongSupplier bytes) {
    Patience.await().until(() -> Outcome.isGood(store.put("warm/1", session, DAY)));
    var before = bytes.getAsLong();
    fill(store);
    measured(name, bytes.getAsLong() - before, sessions);
  }

  private void measured(String name, long bytes, long parts) {
    Steps.say(
        name,
        new JsonObject()
            .put("sessions", sessions)
            .put("bytes_of_a_value", session.length())
            .put("mib", bytes >> 20)
            .put("bytes_a_session", bytes / parts));
  }

  private void fill(KeyValueStore store) {
    for (int wave = 0; wave < sessions; wave += AT_ONCE) {
      List<Future<Void>> puts = new ArrayList<>();
      for (int i = wave; i < Math.min(sessions, wave + AT_ONCE); i++) {
        puts.add(store.put("session/" + UUID.randomUUID().toString().substring(14), session, DAY));
      }
      done(Future.all(puts));
    }
  }

  private static long reachable() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long usedBy(RedisNode node) {
    var found =
        Pattern.compile("used_memory:(\\d+)").matcher(String.valueOf(node.ask("INFO", "memory")));
    if (!found.find()) {
      throw new IllegalStateException("Redis does not say what it uses");
    }
    return Long.parseLong(found.group(1));
  }
}
