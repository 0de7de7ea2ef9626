package dev.keyturn.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A language that the pages are written in.
 *
 * @param tag its language tag, such as {@code de}
 * @param direction of its script, {@code ltr} or {@code rtl}
 * @param source gives the texts of a package
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5646">RFC 5646</a>
 */
public record Language(String tag, String direction, Source source) {
  /** The texts of a package, such as {@code authorize}. */
  @FunctionalInterface
  public interface Source {
    /** The texts of the package {@code concept}. */
    Messages of(String concept);
  }

  /** The languages of the pages; the first is for whoever reads none of them. */
  public static List<Language> all() {
    return List.of(written("en"), written("de"), written("ja"));
  }

  /** The texts of the package {@code concept}, and those that all pages share. */
  public Messages messages(String concept) {
    return source.of(concept);
  }

  private static Language written(String tag) {
    Map<String, Messages> read = new ConcurrentHashMap<>();
    return new Language(
        tag,
        "ltr",
        concept ->
            read.computeIfAbsent(
                concept,
                name ->
                    name.equals("http")
                        ? Messages.read("http", tag)
                        : Messages.read("http", tag).plus(Messages.read(name, tag))));
  }
}
