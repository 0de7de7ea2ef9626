package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** One entry of {@code upstreams}, as far as entries of all types are alike. */
record Entry(Settings settings, String type) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Set<String> TYPES = Set.of("oidc", "oauth2");

  /** The name, by which callback paths call it too. */
  String name() {
    var name = settings.text("name", "default");
    if (!LABEL.matcher(name).matches()) {
      settings.refuse("name", "must be a DNS label: lower-case letters, digits and hyphens");
    }
    settings.word("type", type, TYPES);
    return name;
  }

  /** Whether refresh tokens are good for one time, if the entry says so. */
  Optional<Boolean> rotates() {
    return settings.has("rotates") ? Optional.of(settings.flag("rotates", true)) : Optional.empty();
  }

  /** The settings of this type, which must be there; those of the other types must not. */
  Settings config() {
    if (!settings.has(type + "_config")) {
      settings.refuse(type + "_config", "is missing");
    }
    TYPES.stream()
        .filter(other -> !other.equals(type) && settings.has(other + "_config"))
        .forEach(
            other ->
                settings.refuse(
                    other + "_config", "does not belong to an upstream of type " + type));
    return settings.child(type + "_config");
  }

  /** Reads a part that may be left out. */
  static <T> Optional<T> part(
      Settings settings, String field, Function<Settings, Optional<T>> read) {
    return settings.has(field) ? read.apply(settings.child(field)) : Optional.empty();
  }
}
