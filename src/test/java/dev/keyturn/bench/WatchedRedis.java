package dev.keyturn.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Redis as one process reaches it: all that is said there is seen, and may be the last it said. */
final class WatchedRedis implements AutoCloseable {
  private final int process;
  private final int target;
  private final RefreshProgress progress;
  private final UnaryOperator<RedisFrame> plant;
  private final ServerSocket server;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();

  /**
   * @param plant what is sent in place of a command
   */
  WatchedRedis(int process, int target, RefreshProgress progress, UnaryOperator<RedisFrame> plant) {
    this.process = process;
    this.target = target;
    this.progress = progress;
    this.plant = plant;
    try {
      this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    start("redis of " + process, this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Waits until Redis has done all that the dead process had sent. */
  void drain() {
    pairs.forEach(Pair::join);
    pairs.clear();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    pairs.forEach(Pair::close);
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        pairs.add(new Pair(client, new Socket(InetAddress.getLoopbackAddress(), target)));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private static Thread start(String name, Runnable run) {
    var thread = new Thread(run, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** One connection of the process, and the one that stands for it. */
  private final class Pair {
    private final Socket client;
    private final Socket redis;
    private final Queue<RedisFrame> unanswered = new ArrayDeque<>();
    private final Thread asking;
    private final Thread answering;
    private boolean over;

    Pair(Socket client, Socket redis) throws IOException {
      client.setTcpNoDelay(true);
      redis.setTcpNoDelay(true);
      this.client = client;
      this.redis = redis;
      this.asking = start("asking", this::ask);
      this.answering = start("answering", this::answer);
    }

    private void ask() {
      try {
        var input = new BufferedInputStream(client.getInputStream());
        while (true) {
          var command = RedisFrame.read(input);
          if (progress.before(process, command)) {
            break;
          }
          note(command);
          redis.getOutputStream().write(plant.apply(command).bytes());
        }
      } catch (IOException gone) {
        // The process is no more, or we are closed.
      }
      end();
    }

    /** What was sent is done, whether or not anybody waits for the answer. */
    private void answer() {
      try {
        var input = new BufferedInputStream(redis.getInputStream());
        while (true) {
          var answer = RedisFrame.read(input);
          var command = answer.isPush() ? null : next();
          if (command == null || !answer.isOne() || !progress.after(process, command)) {
            pass(answer);
          }
          endIfDone();
        }
      } catch (IOException closed) {
        close();
      }
    }

    private synchronized void note(RedisFrame command) {
      unanswered.add(command);
    }

    private synchronized RedisFrame next() {
      return unanswered.remove();
    }

    private synchronized void pass(RedisFrame answer) {
      try {
        client.getOutputStream().write(answer.bytes());
      } catch (IOException gone) {
        over = true;
      }
    }

    private synchronized void end() {
      over = true;
      endIfDone();
    }

    private synchronized void endIfDone() {
      if (over && unanswered.isEmpty()) {
        close();
      }
    }

    void close() {
      try {
        client.close();
        redis.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    void join() {
      try {
        asking.join();
        answering.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
