package dev.keyturn.given;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process of Redis, or of Sentinel, on a port of its own; it can be asked anything. */
public final class RedisNode implements AutoCloseable {
  /** What every node asks for. */
  public static final String PASSWORD = "lab-password";

  private final Path folder;
  private final int port;
  private final List<String> command;
  private final boolean guarded;
  private String password = PASSWORD;
  private Running process;

  private RedisNode(Path folder, int port, boolean guarded, List<String> command) {
    this.folder = folder;
    this.port = port;
    this.guarded = guarded;
    this.command = command;
    start();
  }

  /** A server with further settings. */
  static RedisNode server(Path folder, String... settings) {
    var port = FreePorts.next();
    var home = made(folder, port);
    var command =
        Stream.concat(
                Stream.of(
                    "redis-server",
                    "--port",
                    "" + port,
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--requirepass",
                    PASSWORD,
                    "--masterauth",
                    PASSWORD,
                    "--repl-diskless-sync-delay",
                    "0",
                    "--dir",
                    home.toString()),
                Stream.of(settings))
            .toList();
    return new RedisNode(home, port, true, command);
  }

  /** A Sentinel, whose configuration is a file that it writes itself. */
  static RedisNode sentinel(Path folder, List<String> settings) {
    var port = FreePorts.next();
    var home = made(folder, port);
    var lines = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + home));
    lines.addAll(settings);
    try {
      Files.write(home.resolve("conf"), lines);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return new RedisNode(home, port, false, List.of("redis-server", "conf", "--sentinel"));
  }

  /** Starts it, or starts it again. */
  public void start() {
    process = Running.start(folder, command);
    Patience.await().until(() -> !process.isAlive() || answers());
    if (!process.isAlive()) {
      throw new AssertionError("redis-server did not start: " + process.lines());
    }
  }

  public void kill() {
    process.kill();
  }

  public long pid() {
    return process.pid();
  }

  public int port() {
    return port;
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  /** The answer to a command: text, a number, a list or null; an error begins with a minus. */
  public Object ask(String... words) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Patience.LONG.toMillis());
      var input = new BufferedInputStream(socket.getInputStream());
      if (guarded) {
        tell(socket, "AUTH", password);
        read(input);
      }
      tell(socket, words);
      return read(input);
    } catch (IOException e) {
      return "-" + e;
    }
  }

  /** The answers to many commands, all sent at once. */
  public List<Object> askAll(List<List<String>> commands) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var input = new BufferedInputStream(socket.getInputStream());
      tell(socket, "AUTH", password);
      read(input);
      var answers = new ArrayList<>();
      for (var words : commands) {
        tell(socket, words.toArray(String[]::new));
        answers.add(read(input));
      }
      return answers;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Changes the password; connections that are there go on. */
  public void password(String next) {
    ask("CONFIG", "SET", "requirepass", next);
    password = next;
  }

  /** Whether a section of INFO has that line. */
  boolean says(String section, String line) {
    return String.valueOf(ask("INFO", section)).contains(line);
  }

  @Override
  public void close() {
    process.kill();
  }

  private boolean answers() {
    return "PONG".equals(ask("PING"));
  }

  private static void tell(Socket socket, String... words) throws IOException {
    var text = new StringBuilder("*" + words.length + "\r\n");
    for (var word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    socket.getOutputStream().write(text.toString().getBytes(ISO_8859_1));
  }

  private static Object read(InputStream input) throws IOException {
    var line = line(input);
    var rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case ':' -> Long.parseLong(rest);
      case '$' -> text(input, Integer.parseInt(rest));
      case '*' -> list(input, Integer.parseInt(rest));
      default -> line;
    };
  }

  private static List<Object> list(InputStream input, int length) throws IOException {
    var list = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      list.add(read(input));
    }
    return list;
  }

  private static Object text(InputStream input, int length) throws IOException {
    if (length < 0) {
      return null;
    }
    var bytes = input.readNBytes(length + 2);
    return new String(bytes, 0, length, ISO_8859_1);
  }

  private static String line(InputStream input) throws IOException {
    var line = new StringBuilder();
    for (int next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private static Path made(Path folder, int port) {
    try {
      return Files.createDirectories(folder.resolve("redis-" + port));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
