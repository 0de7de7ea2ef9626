package dev.keyturn.http;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * The texts of one language by their keys; {@code {0}} and {@code {1}} are where values go.
 *
 * <p>Texts are plain: whoever shows them escapes them. A sentence that holds marked-up values comes
 * in {@link #parts}, since where the values stand differs from language to language.
 */
public record Messages(Map<String, String> texts) {
  private static final Pattern SLOT = Pattern.compile("\\{([0-9])}");
  private static final int TEXT = -1;

  public Messages {
    texts = Map.copyOf(texts);
  }

  /** Reads {@code messages_<tag>.properties} of the package {@code concept}. */
  static Messages read(String concept, String tag) {
    var resource = "/dev/keyturn/" + concept + "/messages_" + tag + ".properties";
    try (var in = Objects.requireNonNull(Messages.class.getResourceAsStream(resource), resource);
        var reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      var read = new Properties();
      read.load(reader);
      var texts = new HashMap<String, String>();
      read.stringPropertyNames().forEach(key -> texts.put(key, read.getProperty(key)));
      return new Messages(texts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** These texts and {@code more}. */
  Messages plus(Messages more) {
    var both = new HashMap<>(texts);
    both.putAll(more.texts);
    return new Messages(both);
  }

  /** The text of {@code key}. */
  public String of(String key) {
    var text = texts.get(key);
    if (text == null) {
      throw new IllegalArgumentException("there is no text " + key);
    }
    return text;
  }

  /** The text of {@code key} with {@code value} in its place. */
  public String of(String key, String value) {
    return of(key).replace("{0}", value);
  }

  /** The text of {@code key}, cut where values go. */
  public List<Part> parts(String key) {
    var text = of(key);
    var parts = new ArrayList<Part>();
    var slots = SLOT.matcher(text);
    var end = 0;
    while (slots.find()) {
      parts.add(new Part(text.substring(end, slots.start()), TEXT));
      parts.add(new Part("", Integer.parseInt(slots.group(1))));
      end = slots.end();
    }
    parts.add(new Part(text.substring(end), TEXT));
    return parts;
  }

  /**
   * A piece of a text, or the place of a value.
   *
   * @param slot the number of the value; negative for a piece of text
   */
  public record Part(String text, int slot) {}
}
