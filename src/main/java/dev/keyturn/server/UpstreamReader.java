package dev.keyturn.server;

import dev.keyturn.config.Settings;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.upstream.CallbackPath;
import dev.keyturn.upstream.ConfiguredUpstream;
import dev.keyturn.upstream.OAuth2Upstream;
import dev.keyturn.upstream.Role;
import dev.keyturn.upstream.Upstreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the list {@code upstreams}, and what its entries must not have in common. */
final class UpstreamReader {
  private static final String FIELD = "upstreams";
  private static final String NAME = "name";
  private static final int MOST = 16;

  private final Settings settings;
  private final SecretReader secrets;
  private final Optional<Issuer> browser;
  private final StorageConfig storage;
  private final Map<String, String> names = new HashMap<>();

  /**
   * @param browser where browsers find us
   * @param storage where it is kept as whom we have registered
   */
  UpstreamReader(
      Settings settings, SecretReader secrets, Optional<Issuer> browser, StorageConfig storage) {
    this.settings = settings;
    this.secrets = secrets;
    this.browser = browser;
    this.storage = storage;
  }

  /** Every entry that is good, in order; each is read, so that all mistakes are found. */
  List<ConfiguredUpstream> read() {
    var entries = settings.children(FIELD);
    if (entries.isEmpty()) {
      settings.refuse(FIELD, "is missing: name the identity provider that logs people in");
    }
    if (entries.size() > MOST) {
      settings.refuse(FIELD, "names " + entries.size() + ": at most " + MOST + " are supported");
    }
    var read = new ArrayList<ConfiguredUpstream>();
    for (int i = 0; i < entries.size(); i++) {
      upstream(entries.get(i), i == 0, entries.size() > 1).ifPresent(read::add);
    }
    refuseLonely(entries, read);
    if (entries.size() > 1 && read.size() == entries.size()) {
      refuseConfused(entries, read);
    }
    return List.copyOf(read);
  }

  private Optional<ConfiguredUpstream> upstream(Settings entry, boolean first, boolean several) {
    var role = Role.from(entry, first);
    if (several) {
      requireOwnName(entry);
    }
    var path = new CallbackPath(first ? "" : entry.text(NAME, "default")).path();
    var redirectUri = browser.map(site -> site.url(path)).orElse("https://invalid.example");
    var read =
        Upstreams.read(entry, secrets, redirectUri)
            .map(config -> new ConfiguredUpstream(config, role));
    read.filter(this::isForgotten)
        .ifPresent(
            one ->
                settings
                    .findings()
                    .warn(
                        entry.child(part(one)).name("dcr_config"),
                        "registers anew at each start: storage of type memory forgets the client"));
    return read;
  }

  private boolean isForgotten(ConfiguredUpstream upstream) {
    return storage instanceof StorageConfig.Memory
        && upstream.config().registration().self().isPresent();
  }

  private void requireOwnName(Settings entry) {
    if (!entry.has(NAME)) {
      entry.refuse(NAME, "is missing: each of several upstreams has a name of its own");
      return;
    }
    var other = names.putIfAbsent(entry.text(NAME, ""), entry.name(NAME));
    if (other != null) {
      entry.refuse(NAME, "is the same as " + other);
    }
  }

  /** Where nobody can log in elsewhere, there is nobody to be asked, or not to be. */
  private static void refuseLonely(List<Settings> entries, List<ConfiguredUpstream> read) {
    var identities = read.stream().filter(one -> one.role().identity()).count();
    if (entries.isEmpty() || identities != 1) {
      return;
    }
    var only = entries.get(0);
    if ("on_demand".equals(only.text("login", ""))) {
      only.refuse("login", "must be required: this is the only upstream that people log in at");
    }
    if (only.has("ask_if")) {
      only.refuse("ask_if", "cannot be judged: this is the only upstream that people log in at");
    }
  }

  /**
   * Answers of two upstreams at one path can be told apart only by what they say of themselves,
   * which OAuth 2.0 providers do not. Only the root can be shared, and it is the first one's.
   */
  private static void refuseConfused(List<Settings> entries, List<ConfiguredUpstream> read) {
    for (int i = 0; i < read.size(); i++) {
      var mine = read.get(i);
      var path = CallbackPath.of(mine.config().registration().redirectUri());
      var own = new CallbackPath(mine.name()).path();
      var part = entries.get(i).child(part(mine));
      if (!path.name().isEmpty() && !path.name().equals(mine.name())) {
        part.refuse("redirect_uri", "must end with " + own);
      } else if (i > 0 && isShared(path, read) && isSilent(mine, read.get(0))) {
        part.refuse(
            "redirect_uri",
            "is that of another upstream too, and one of them does not say who answers: it must"
                + " end with "
                + own);
      }
    }
  }

  private static boolean isSilent(ConfiguredUpstream one, ConfiguredUpstream other) {
    return Stream.of(one, other).anyMatch(any -> any.config() instanceof OAuth2Upstream.Config);
  }

  private static String part(ConfiguredUpstream upstream) {
    return upstream.config() instanceof OAuth2Upstream.Config ? "oauth2_config" : "oidc_config";
  }

  /** Whether several upstreams answer at one path. */
  static boolean isShared(CallbackPath path, List<ConfiguredUpstream> all) {
    return all.stream()
            .map(one -> CallbackPath.of(one.config().registration().redirectUri()))
            .filter(path::equals)
            .count()
        > 1;
  }
}
