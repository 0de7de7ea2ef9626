package dev.keyturn.server;

import dev.keyturn.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The settings that are known and not built yet.
 *
 * <p>They are read and checked like all others, and then refused, never ignored: a security option
 * that silently does nothing is worse than none. Where a value only says what holds anyway, such as
 * an empty list of delegate clients, nothing is refused.
 */
final class LaterSettings {
  static final String LATER = "is not supported yet";

  private static final Duration DAY = Duration.ofDays(1);

  private LaterSettings() {}

  /** Reads them all. */
  static void refuse(Settings settings) {
    delegation(settings);
    registration(settings);
    LaterIssuers.refuse(settings);
  }

  private static void delegation(Settings settings) {
    later(
        settings,
        "delegation_token_lifespan",
        () ->
            settings.duration(
                "delegation_token_lifespan", Duration.ofMinutes(15), Duration.ZERO, DAY));
    for (var client : settings.children("delegate_clients")) {
      client.required("client_id");
      if (client.secret("client_secret").isEmpty()) {
        client.refuse("client_secret_file", "is missing: a delegate client proves who it is");
      }
      requireTexts(client, "scopes");
      requireTexts(client, "audiences");
    }
    if (!settings.children("delegate_clients").isEmpty()) {
      settings.refuse("delegate_clients", LATER);
    }
  }

  private static void registration(Settings settings) {
    later(settings, "baseline_client_scopes", () -> settings.texts("baseline_client_scopes"));
  }

  /** A mistake inside is told alone: whoever mends it is told the rest then. */
  static void later(Settings settings, String field, Runnable read) {
    var before = settings.findings().errors().size();
    read.run();
    var fine = settings.findings().errors().size() == before;
    refuseIf(fine && settings.has(field), settings, field);
  }

  static void refuseIf(boolean given, Settings settings, String field) {
    if (given) {
      settings.refuse(field, LATER);
    }
  }

  static List<String> requireTexts(Settings settings, String field) {
    var texts = settings.texts(field);
    if (texts.isEmpty()) {
      settings.refuse(field, "is missing: name at least one");
    }
    return texts;
  }
}
