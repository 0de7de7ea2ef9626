package dev.keyturn.http;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How long an answer may be kept by what its headers say, within a minute and a day.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9111#section-4.2">RFC 9111, section 4.2</a>
 */
public final class CacheLifetime {
  /** The shortest time, whatever the headers say. */
  public static final Duration LEAST = Duration.ofMinutes(1);

  /** The longest time, whatever the headers say. */
  public static final Duration MOST = Duration.ofHours(24);

  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})\"?(?:$|[,\\s])");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private CacheLifetime() {}

  /**
   * The time from now.
   *
   * @param otherwise where the headers say nothing
   */
  public static Duration of(MultiMap headers, Duration otherwise) {
    var control = String.join(",", headers.getAll("Cache-Control")).toLowerCase(Locale.ROOT);
    if (List.of(control.split("[,\\s]+")).stream().anyMatch(CacheLifetime::forbids)) {
      return LEAST;
    }
    return bounded(maxAge(control, headers).or(() -> expiry(headers)).orElse(otherwise));
  }

  private static boolean forbids(String directive) {
    return directive.startsWith("no-store") || directive.startsWith("no-cache");
  }

  /** What is left of it, where caches in between have kept the answer for a while. */
  private static Optional<Duration> maxAge(String control, MultiMap headers) {
    var matcher = MAX_AGE.matcher(control);
    if (!matcher.find()) {
      return Optional.empty();
    }
    var age =
        Optional.ofNullable(headers.get("Age"))
            .filter(text -> SECONDS.matcher(text).matches())
            .map(Long::parseLong)
            .orElse(0L);
    return Optional.of(Duration.ofSeconds(Long.parseLong(matcher.group(1)) - age));
  }

  private static Optional<Duration> expiry(MultiMap headers) {
    return date(headers, "Expires")
        .flatMap(end -> date(headers, "Date").map(start -> Duration.between(start, end)));
  }

  private static Optional<ZonedDateTime> date(MultiMap headers, String name) {
    try {
      return Optional.ofNullable(headers.get(name))
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration bounded(Duration age) {
    var atLeast = age.compareTo(LEAST) < 0 ? LEAST : age;
    return atLeast.compareTo(MOST) > 0 ? MOST : atLeast;
  }
}
