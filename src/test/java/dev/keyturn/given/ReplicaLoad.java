package dev.keyturn.given;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Logins whose refresh tokens rotate at one replica after the other, and codes that are redeemed at
 * two replicas at once, whatever happens to the store. Who is told to come again does.
 */
public final class ReplicaLoad {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int GRANTED = 200;
  private static final int AWAY = 503;

  private final List<McpClient> replicas;
  private final List<Login> logins = new ArrayList<>();
  private final Map<String, String> successors = new ConcurrentHashMap<>();
  private final List<Future<?>> running = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger away = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger twice = new AtomicInteger();
  private final AtomicInteger codes = new AtomicInteger();
  private final AtomicInteger codesLost = new AtomicInteger();
  private final AtomicLong firstAway = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong lastAway = new AtomicLong(Long.MIN_VALUE);
  private volatile boolean going;

  /**
   * @param replicas the same client at each of them
   * @param tokens the first refresh token of each login
   */
  public ReplicaLoad(List<McpClient> replicas, List<String> tokens) {
    this.replicas = List.copyOf(replicas);
    tokens.forEach(token -> logins.add(new Login(token)));
  }

  public void go() {
    going = true;
    logins.forEach(login -> running.add(threads.submit(login::goOn)));
  }

  /** Redeems each at two replicas at once, one code after another. */
  public void redeem(List<Answer> handed) {
    running.add(threads.submit(() -> handed.forEach(this::redeemTwice)));
  }

  /** Ends; everybody refreshes once more, and then nothing older than that is accepted. */
  public void stop() {
    going = false;
    running.forEach(ReplicaLoad::await);
    running.clear();
    logins.stream().filter(login -> !login.over).forEach(Login::refresh);
    threads.shutdown();
  }

  /** How many of the tokens before the last two are still accepted. */
  public long oldAccepted() {
    return logins.stream().filter(Login::acceptsOld).count();
  }

  public int acknowledged() {
    return acknowledged.get();
  }

  /** How many newest tokens were refused. */
  public int lost() {
    return lost.get();
  }

  /** How many codes brought tokens twice, or refresh tokens two different successors. */
  public int twice() {
    return twice.get();
  }

  /** How many answers said to come again. */
  public int away() {
    return away.get();
  }

  /** From the first of them to the last, since somebody asked this before. */
  public Duration awayFor() {
    var first = firstAway.getAndSet(Long.MAX_VALUE);
    var last = lastAway.getAndSet(Long.MIN_VALUE);
    return first > last ? Duration.ZERO : Duration.ofNanos(last - first);
  }

  /** How many codes brought tokens; how many did not, though nobody else had them. */
  public String codes() {
    return codes.get() + " redeemed, " + codesLost.get() + " not";
  }

  private void redeemTwice(Answer handed) {
    var other = threads.submit(() -> definite(() -> replicas.get(1).redeem(handed)));
    var mine = definite(() -> replicas.get(0).redeem(handed));
    var granted = (mine.status() == GRANTED ? 1 : 0) + (await(other).status() == GRANTED ? 1 : 0);
    if (granted == 2) {
      twice.incrementAndGet();
    }
    (granted > 0 ? codes : codesLost).incrementAndGet();
  }

  private Answer definite(Supplier<Answer> request) {
    var answer = request.get();
    while (answer.status() == AWAY) {
      note();
      LockSupport.parkNanos(PAUSE);
      answer = request.get();
    }
    return answer;
  }

  private void note() {
    var now = System.nanoTime();
    away.incrementAndGet();
    firstAway.accumulateAndGet(now, Math::min);
    lastAway.accumulateAndGet(now, Math::max);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get(Patience.SECONDS, Patience.UNIT);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private final class Login {
    private final List<String> tokens = new ArrayList<>();
    private int turn;
    private boolean over;

    Login(String token) {
      tokens.add(token);
    }

    void goOn() {
      while (going && !over) {
        refresh();
      }
    }

    void refresh() {
      var token = tokens.get(tokens.size() - 1);
      var client = replicas.get(turn++ % replicas.size());
      var answer = definite(() -> client.refresh(token));
      if (answer.status() != GRANTED) {
        over = true;
        lost.incrementAndGet();
        return;
      }
      acknowledged.incrementAndGet();
      var next = answer.text("refresh_token");
      tokens.add(next);
      var before = successors.putIfAbsent(token, next);
      if (before != null && !before.equals(next)) {
        twice.incrementAndGet();
      }
    }

    boolean acceptsOld() {
      var old = Math.max(0, tokens.size() - 3);
      return tokens.size() > 2
          && definite(() -> replicas.get(0).refresh(tokens.get(old))).status() == GRANTED;
    }
  }
}
