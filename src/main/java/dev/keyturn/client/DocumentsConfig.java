package dev.keyturn.client;

import dev.keyturn.config.Settings;
import dev.keyturn.http.FetchRules;
import dev.keyturn.secrets.SecretReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether clients may be known by metadata documents, and where those may be.
 *
 * @param size the most documents that are kept in memory, and the most failures
 * @param usual how long one is kept whose headers do not say
 * @param rules for every URL that a stranger names
 */
public record DocumentsConfig(boolean enabled, int size, Duration usual, FetchRules rules) {
  private static final int SIZE = 256;
  private static final Duration USUAL = Duration.ofMinutes(5);
  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?([a-z0-9_-]{1,63}\\.)*[a-z0-9-]{1,63}");
  private static final Pattern PLACE = Pattern.compile("([0-9.]+|\\[[0-9a-f:.]+]):([0-9]{1,5})");

  /** Reads the mapping {@code cimd}. */
  public static Optional<DocumentsConfig> from(Settings settings, SecretReader secrets) {
    var enabled = settings.flag("enabled", true);
    var size = settings.number("cache_max_size", SIZE, 0, 1_000_000);
    var usual =
        settings.duration("cache_fallback_ttl", USUAL, Duration.ofSeconds(1), Duration.ofHours(24));
    var allowed = hosts(settings, "allowed_hosts");
    var denied = hosts(settings, "denied_hosts");
    var perAddress = settings.number("fetches_per_minute", FetchRules.PER_ADDRESS, 1, 1_000_000);
    var test = settings.child("test");
    var elsewhere = elsewhere(test);
    var authorities = authorities(test, secrets);
    if (!elsewhere.isEmpty() || authorities.isPresent()) {
      settings
          .findings()
          .warn(
              settings.name("test"),
              "is for tests only: strangers' URLs lead where it says, private or not, and"
                  + " whoever holds its keys can be any client");
    }
    return settings.build(
        () ->
            new DocumentsConfig(
                enabled,
                size == 0 ? SIZE : size,
                usual,
                new FetchRules(allowed, denied, perAddress, elsewhere, authorities)));
  }

  private static List<String> hosts(Settings settings, String field) {
    return settings.texts(
        field,
        host -> HOST.matcher(host).matches(),
        "must be a host in lower case, or *. and a domain");
  }

  private static Map<String, SocketAddress> elsewhere(Settings test) {
    var places = new LinkedHashMap<String, SocketAddress>();
    test.map("hosts")
        .forEach(
            (host, place) -> {
              var matcher = PLACE.matcher(place);
              if (matcher.matches() && Integer.parseInt(matcher.group(2)) <= 65_535) {
                var address = matcher.group(1).replaceAll("[\\[\\]]", "");
                var port = Integer.parseInt(matcher.group(2));
                places.put(host, SocketAddress.inetSocketAddress(port, address));
              } else {
                test.refuse("hosts." + host, "must be an address and a port, as 127.0.0.1:8443");
              }
            });
    return places;
  }

  private static Optional<Buffer> authorities(Settings test, SecretReader secrets) {
    var field = "ca_bundle_file";
    var pem = test.file(field).flatMap(file -> secrets.bytes(test.name(field), file));
    if (pem.filter(bytes -> !isPem(bytes)).isPresent()) {
      test.refuse(field, "must hold certificates in PEM");
      return Optional.empty();
    }
    return pem.map(Buffer::buffer);
  }

  private static boolean isPem(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----");
  }
}
