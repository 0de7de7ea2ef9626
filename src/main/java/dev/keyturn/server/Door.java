package dev.keyturn.server;

import dev.keyturn.config.Settings;
import dev.keyturn.http.AddressBlock;
import dev.keyturn.http.Limit;
import dev.keyturn.http.Proxies;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How requests come in: whom we believe about where they come from, and how many there may be.
 *
 * @param perMinute 0 for a limit that is off
 */
record Door(Proxies proxies, Map<Limit, Integer> perMinute) {
  private static final int MOST = 1_000_000;

  Door {
    perMinute = Map.copyOf(perMinute);
  }

  /** Reads it from the mappings {@code server} and {@code rate_limits}. */
  static Optional<Door> from(Settings server, Settings rateLimits) {
    var proxies = proxies(server);
    var limits = limits(rateLimits);
    return server.build(() -> new Door(proxies, limits));
  }

  private static Proxies proxies(Settings server) {
    var texts =
        server.texts(
            "trusted_proxies",
            text -> AddressBlock.parse(text).isPresent(),
            "must be an address or a block such as 10.0.0.0/8");
    var blocks = texts.stream().map(AddressBlock::parse).flatMap(Optional::stream).toList();
    return new Proxies(blocks, header(server));
  }

  private static Proxies.Header header(Settings server) {
    var words = Stream.of(Proxies.Header.values()).map(Door::word).collect(Collectors.toSet());
    var word = server.word("forwarded_header", word(Proxies.Header.X_FORWARDED_FOR), words);
    return Stream.of(Proxies.Header.values())
        .filter(header -> word(header).equals(word))
        .findFirst()
        .orElse(Proxies.Header.X_FORWARDED_FOR);
  }

  private static String word(Proxies.Header header) {
    return header.wire().toLowerCase(Locale.ROOT);
  }

  private static Map<Limit, Integer> limits(Settings settings) {
    var enabled = settings.flag("enabled", true);
    var limits = new EnumMap<Limit, Integer>(Limit.class);
    for (var limit : Limit.values()) {
      var most = settings.number(limit.wire(), limit.perMinute(), 0, MOST);
      limits.put(limit, enabled ? most : 0);
    }
    return limits;
  }
}
