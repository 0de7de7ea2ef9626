package dev.keyturn.server;

import dev.keyturn.config.Catalogue;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.keys.KeysConfig;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.registration.RegistrationConfig;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.secrets.SecretsConfig;
import dev.keyturn.store.redis.RedisAccess;
import dev.keyturn.upstream.ConfiguredUpstream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a run configuration from a document, or finds everything that is wrong with it.
 *
 * <p>Each concept reads its own part, and nothing stops at the first mistake.
 */
public final class RunConfigReader {
  private static final String BROWSER = "authorization_endpoint_base_url";

  private final Findings findings = new Findings();
  private final SecretReader secrets;
  private Optional<Catalogue> catalogue = Optional.empty();
  private final Ephemeral ephemeral;
  private final Clock clock;
  private Fixed.Holder fixed = new Fixed.Holder(Optional.empty());
  private StorageConfig storage = new StorageConfig.Memory();
  private boolean embedded;

  /** Reads the files that are named from the disk. */
  public RunConfigReader(Map<String, String> environment, SecureRandom random) {
    this(new Disk(), environment, new Ephemeral(random), Clock.systemUTC());
  }

  /**
   * @param files where the files that the configuration names are read
   * @param environment where variables that the configuration names are looked up
   * @param ephemeral the keys of this process for which no file is named
   * @param clock by which certificates have expired
   */
  public RunConfigReader(
      SecretFiles files, Map<String, String> environment, Ephemeral ephemeral, Clock clock) {
    this.secrets = new SecretReader(files, environment, findings);
    this.ephemeral = ephemeral;
    this.clock = clock;
  }

  /** Lets what only a restart can change be as it is in {@code running}. */
  public RunConfigReader holding(Fixed running) {
    fixed = new Fixed.Holder(Optional.of(running));
    return this;
  }

  /** Everything that was found while reading. */
  public Findings findings() {
    return findings;
  }

  /** Whether something that was refused need not be any more, by time alone. */
  boolean isOver() {
    return findings.end().filter(end -> !clock.instant().isBefore(end)).isPresent();
  }

  /** Every field that was asked for; empty if the document could not even be parsed. */
  public Optional<Catalogue> catalogue() {
    return catalogue;
  }

  /** For a server within an application: without a word about storage, that is the memory. */
  public RunConfigReader embedded() {
    embedded = true;
    return this;
  }

  /** Where everything is kept, also if something else is wrong with the configuration. */
  public StorageConfig storage() {
    return storage;
  }

  /**
   * Reads a whole document.
   *
   * @param folder what relative file names are relative to
   */
  public Optional<RunConfig> read(String document, Path folder) {
    var settings = Settings.parse(document, folder, findings);
    if (findings.hasErrors()) {
      return Optional.empty();
    }
    catalogue = Optional.of(settings.catalogue());
    LaterSettings.refuse(settings);
    storage =
        fixed.hold(
            "storage", StorageConfig.from(settings.child("storage"), embedded), Fixed::storage);
    settings.text("schema_version");
    var revision = settings.text("revision");
    var insecure = settings.flag("insecure_allow_http", false);
    var issuer =
        issuer(settings, "issuer", settings.required("issuer"), insecure)
            .map(read -> fixed.hold("issuer", read, Fixed::issuer));
    var browser =
        settings
            .text(BROWSER)
            .flatMap(text -> issuer(settings, BROWSER, text, insecure))
            .or(() -> issuer)
            .map(read -> fixed.hold(BROWSER, read, Fixed::browser));
    var server = settings.child("server");
    var listen =
        Listen.from(
                server,
                new TlsReader(secrets, clock, fixed.running().flatMap(now -> now.listen().tls())))
            .map(read -> read.held(fixed));
    var door = Door.from(server, settings.child("rate_limits"));
    var keys = secrets(settings);
    var upstreams = new UpstreamReader(settings, secrets, browser, storage).read();
    var registration = RegistrationConfig.from(settings, secrets);
    var endpoints =
        issuer.flatMap(ours -> browser.map(site -> EndpointPaths.of(ours, site))).orElse(List.of());
    var backends =
        new BackendReader(
                settings,
                issuer,
                endpoints,
                upstreams.stream().map(ConfiguredUpstream::name).toList())
            .read();
    var granting = new GrantingReader(settings, secrets, backends, registration).read();
    settings.refuseUnknown();
    return settings.build(
        () ->
            new RunConfig(
                issuer.orElseThrow(),
                browser.orElseThrow(),
                listen.orElseThrow(),
                keys.orElseThrow(),
                upstreams,
                granting.orElseThrow(),
                registration.orElseThrow(),
                storage,
                door.orElseThrow(),
                backends,
                fixed.pending(),
                revision));
  }

  private Optional<Issuer> issuer(Settings settings, String field, String text, boolean insecure) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var complaint = Issuer.complaintAbout(text);
    if (!complaint.isEmpty()) {
      settings.refuse(field, complaint);
      return Optional.empty();
    }
    var issuer = new Issuer(text);
    if (!issuer.isHttps() && !issuer.isLoopback() && !insecure) {
      settings.refuse(
          field, "must be https: http is for loopback, or with insecure_allow_http: true");
      return Optional.empty();
    }
    return Optional.of(issuer);
  }

  private Optional<RunConfig.Secrets> secrets(Settings settings) {
    var watching = SecretsConfig.from(settings.child("secrets"));
    var keys = KeysConfig.from(settings.child("signing_key_config"), secrets, ephemeral::signing);
    var lists = new SecretLists(secrets, findings, ephemeral);
    var hmac = lists.hmac(settings);
    var cookies = lists.cookies(settings.child("cookies"));
    var vault =
        lists.vault(
            settings.child("vault"),
            storage,
            settings.has("hmac_secret_files") && !settings.isEmpty("hmac_secret_files"));
    var redis =
        storage instanceof StorageConfig.InRedis
            ? new RedisReader(settings.child("storage").child("redis_config")).access(secrets)
            : Optional.<RedisAccess>empty();
    return settings.build(
        () -> {
          var signing = keys.orElseThrow();
          var watch = watching.orElseThrow();
          return new RunConfig.Secrets(
              signing.keys(),
              signing.revoked(),
              hmac.orElseThrow(),
              cookies.orElseThrow(),
              vault.orElseThrow(),
              signing.jwksMaxAge(),
              signing.publishBeforeUse().orElse(signing.jwksMaxAge().plus(watch.propagation())),
              watch,
              redis);
        });
  }
}
