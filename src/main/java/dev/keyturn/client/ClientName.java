package dev.keyturn.client;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a client calls itself.
 *
 * @param plain in no language in particular; may be empty
 * @param local in some languages, by language tags in lower case; one that is blank is none
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2.2">RFC 7591, section 2.2</a>
 */
public record ClientName(String plain, Map<String, String> local) {
  public ClientName {
    var given = new TreeMap<>(local);
    given.values().removeIf(String::isBlank);
    local = Collections.unmodifiableMap(given);
  }

  /** A name that is the same in every language. */
  public ClientName(String plain) {
    this(plain, Map.of());
  }

  /** The name in {@code language}, or at all; empty if there is none. */
  public String in(String language) {
    var tag = language.toLowerCase(Locale.ROOT);
    return Optional.ofNullable(local.get(tag))
        .or(() -> firstOf(name -> name.startsWith(tag + "-")))
        .or(() -> Optional.of(plain).filter(name -> !name.isEmpty()))
        .or(() -> firstOf(any -> true))
        .orElse("");
  }

  private Optional<String> firstOf(Predicate<String> tags) {
    return local.entrySet().stream()
        .filter(name -> tags.test(name.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
