package dev.keyturn.http;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The languages that somebody would like to read.
 *
 * @param wanted language ranges in lower case, the most wanted first
 * @param unwanted ranges of what is not to be read at all
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4">RFC 9110, section 12.5.4</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4647#section-3.4">RFC 4647, section 3.4</a>
 */
public record LanguageWish(List<String> wanted, List<String> unwanted) {
  /** No wish. */
  public static final LanguageWish NONE = new LanguageWish(List.of(), List.of());

  /** More are not looked at; nobody reads as many. */
  private static final int MAX_RANGES = 16;

  private static final Pattern RANGE = Pattern.compile("[a-z]{1,8}(-[a-z0-9]{1,8}){0,7}|\\*");
  private static final Pattern WEIGHT = Pattern.compile("q=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)");

  public LanguageWish {
    wanted = List.copyOf(wanted);
    unwanted = List.copyOf(unwanted);
  }

  /** The wish in an {@code Accept-Language} header; what is malformed in it is no wish. */
  static LanguageWish accepted(String header) {
    var ranges =
        first(header.split(",", MAX_RANGES + 1)).flatMap(entry -> Weighted.read(entry).stream());
    var byWeight = ranges.sorted(Comparator.comparing(Weighted::weight).reversed()).toList();
    return new LanguageWish(
        byWeight.stream().filter(Weighted::isWanted).map(Weighted::range).toList(),
        byWeight.stream().filter(range -> !range.isWanted()).map(Weighted::range).toList());
  }

  /**
   * This wish, but {@code locales} are wanted most.
   *
   * @param locales the value of {@code ui_locales}: tags with blanks between them
   */
  LanguageWish preferring(String locales) {
    var tags =
        first(locales.split(" ", MAX_RANGES + 1))
            .map(tag -> tag.toLowerCase(Locale.ROOT))
            .filter(tag -> RANGE.matcher(tag).matches());
    return new LanguageWish(Stream.concat(tags, wanted.stream()).toList(), unwanted);
  }

  /** The language of {@code offered} that suits best; the first of them if none is wanted. */
  Language among(List<Language> offered) {
    return wanted.stream()
        .flatMap(range -> lookUp(range, offered).stream())
        .findFirst()
        .or(() -> offered.stream().filter(language -> !isUnwanted(language)).findFirst())
        .orElse(offered.get(0));
  }

  /** Cuts the range from its end until there is such a language: de-CH is served by de. */
  private static Optional<Language> lookUp(String range, List<Language> offered) {
    for (var rest = range; !rest.isEmpty(); rest = shorter(rest)) {
      var tag = rest;
      var found = offered.stream().filter(l -> l.tag().equalsIgnoreCase(tag)).findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static String shorter(String range) {
    return range.substring(0, Math.max(0, range.lastIndexOf('-')));
  }

  private boolean isUnwanted(Language language) {
    return unwanted.contains(language.tag().toLowerCase(Locale.ROOT));
  }

  private static Stream<String> first(String[] entries) {
    return Stream.of(entries).limit(MAX_RANGES);
  }

  private record Weighted(String range, double weight) {
    static Optional<Weighted> read(String entry) {
      var halves = entry.trim().toLowerCase(Locale.ROOT).split("[ \t]*;[ \t]*", 2);
      var weight = WEIGHT.matcher(halves.length == 1 ? "q=1" : halves[1]);
      return RANGE.matcher(halves[0]).matches() && weight.matches()
          ? Optional.of(new Weighted(halves[0], Double.parseDouble(weight.group(1))))
          : Optional.empty();
    }

    boolean isWanted() {
      return weight > 0;
    }
  }
}
