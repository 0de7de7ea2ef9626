package dev.keyturn.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One command to a Redis, or one answer, as it is spelled and by its words.
 *
 * @param text a character for each byte
 * @param words those of a command; of an answer whatever it holds
 */
record RedisFrame(String text, List<String> words) {
  /** The command of these words. */
  static RedisFrame of(List<String> words) {
    var text = new StringBuilder("*" + words.size() + "\r\n");
    words.forEach(
        word -> text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n"));
    return new RedisFrame(text.toString(), words);
  }

  /** The next one. */
  static RedisFrame read(InputStream input) throws IOException {
    var reader = new Reader(input);
    reader.frame();
    return new RedisFrame(reader.bytes.toString(ISO_8859_1), List.copyOf(reader.words));
  }

  byte[] bytes() {
    return text.getBytes(ISO_8859_1);
  }

  /** The word at that place; nothing if there are fewer. */
  String word(int index) {
    return index < words.size() ? words.get(index) : "";
  }

  /** Whether it is what a server says by itself, in answer to nothing. */
  boolean isPush() {
    return text.startsWith(">");
  }

  /** Whether it is the number 1, as scripts answer that have written. */
  boolean isOne() {
    return ":1".equals(word(0));
  }

  private static final class Reader {
    private final InputStream input;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<String> words = new ArrayList<>();

    Reader(InputStream input) {
      this.input = input;
    }

    void frame() throws IOException {
      var line = line();
      switch (line.charAt(0)) {
        case '*', '~', '>' -> frames(count(line));
        case '%' -> frames(2 * count(line));
        case '$', '!', '=' -> text(count(line));
        default -> words.add(line);
      }
    }

    private void frames(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        frame();
      }
    }

    private void text(int length) throws IOException {
      if (length >= 0) {
        var read = input.readNBytes(length + 2);
        if (read.length < length + 2) {
          throw new EOFException();
        }
        bytes.writeBytes(read);
        words.add(new String(read, 0, length, ISO_8859_1));
      }
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int next = input.read(); next != '\n'; next = input.read()) {
        if (next < 0) {
          throw new EOFException();
        }
        bytes.write(next);
        line.append((char) next);
      }
      bytes.write('\n');
      return line.toString().strip();
    }

    private static int count(String line) {
      return Integer.parseInt(line.substring(1));
    }
  }
}
