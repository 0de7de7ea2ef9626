package dev.keyturn.server;

import dev.keyturn.authorize.ConsentConfig;
import dev.keyturn.authorize.Offer;
import dev.keyturn.client.DocumentsConfig;
import dev.keyturn.client.PreRegisteredClients;
import dev.keyturn.config.Settings;
import dev.keyturn.gateway.Backend;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.registration.RegistrationConfig;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.token.Denials;
import dev.keyturn.token.Lifespans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what is granted to whom: which resources there are, and which scopes go with which. */
final class GrantingReader {
  private static final int MAX_SCOPES = 100;
  private static final Scopes DEFAULT_SCOPES = Scopes.parse("openid profile email offline_access");

  private final Settings settings;
  private final SecretReader secrets;
  private final List<Backend> backends;
  private final Optional<RegistrationConfig> registration;

  GrantingReader(
      Settings settings,
      SecretReader secrets,
      List<Backend> backends,
      Optional<RegistrationConfig> registration) {
    this.settings = settings;
    this.secrets = secrets;
    this.backends = backends;
    this.registration = registration;
  }

  Optional<RunConfig.Granting> read() {
    var supported =
        scopes(settings, "scopes_supported")
            .map(named -> named.isEmpty() ? DEFAULT_SCOPES : named)
            .orElse(DEFAULT_SCOPES);
    var scopesOf = new LinkedHashMap<String, Scopes>();
    backends.forEach(
        backend -> scopesOf.merge(backend.resource().value(), backend.scopes(), Scopes::plus));
    refuseLacking(supported, scopesOf);
    var all = together(supported, scopesOf);
    var audiences = audiences();
    var clients = clients(all, audiences);
    var documents = DocumentsConfig.from(settings.child("cimd"), secrets);
    var consent = ConsentConfig.from(settings.child("consent"), clients::names);
    var lifespans = Lifespans.from(settings);
    var recheck =
        settings
            .child("session")
            .duration("recheck", Duration.ofHours(1), Duration.ofMillis(100), Duration.ofDays(30));
    var maxStale =
        settings
            .child("revocation")
            .duration("max_stale", Denials.MAX_STALE, Duration.ofMillis(100), Duration.ofHours(24));
    var ceiling = registration.map(RegistrationConfig::scopes).filter(limit -> !limit.isEmpty());
    return settings.build(
        () ->
            new RunConfig.Granting(
                new Offer(all, audiences, scopesOf, ceiling),
                clients,
                documents.orElseThrow(),
                consent.orElseThrow(),
                lifespans,
                recheck,
                maxStale));
  }

  /** The scopes of a list; empty, with a finding, if that is no list of scopes. */
  static Optional<Scopes> scopes(Settings settings, String field) {
    var names =
        settings.texts(field, Scopes::isToken, "must be one scope, without blanks or quotes");
    if (names.size() > MAX_SCOPES) {
      settings.refuse(field, "must be at most " + MAX_SCOPES + " scopes");
      return Optional.empty();
    }
    return names.stream().allMatch(Scopes::isToken)
        ? Optional.of(Scopes.of(names))
        : Optional.empty();
  }

  private void refuseLacking(Scopes supported, Map<String, Scopes> scopesOf) {
    if (settings.has("scopes_supported")) {
      scopesOf.values().stream()
          .flatMap(listed -> listed.without(supported).names().stream())
          .distinct()
          .forEach(
              name ->
                  settings.refuse(
                      "scopes_supported", "lacks " + name + ", which a backend requires"));
    }
  }

  private Scopes together(Scopes supported, Map<String, Scopes> scopesOf) {
    var names = new LinkedHashSet<>(supported.names());
    scopesOf.values().forEach(listed -> names.addAll(listed.names()));
    if (names.size() > MAX_SCOPES) {
      settings.refuse(
          "scopes_supported",
          "and the scopes of the backends must be at most " + MAX_SCOPES + " together");
      return supported;
    }
    return Scopes.of(names);
  }

  private PreRegisteredClients clients(Scopes all, List<ResourceIndicator> audiences) {
    return PreRegisteredClients.from(
        settings,
        secrets,
        new PreRegisteredClients.Limits(
            all,
            audiences.stream().map(ResourceIndicator::value).toList(),
            registration.map(RegistrationConfig::schemes).orElse(RedirectUri.EDITOR_SCHEMES)));
  }

  private List<ResourceIndicator> audiences() {
    var texts =
        settings.texts(
            "allowed_audiences",
            ResourceIndicator::isValid,
            "must be an absolute URL without a fragment");
    var audiences = new ArrayList<ResourceIndicator>();
    texts.stream()
        .filter(ResourceIndicator::isValid)
        .map(ResourceIndicator::new)
        .forEach(audiences::add);
    backends.stream()
        .map(Backend::resource)
        .filter(resource -> audiences.stream().noneMatch(resource::names))
        .forEach(audiences::add);
    if (texts.isEmpty() && settings.child("gateway").children("backends").isEmpty()) {
      settings.refuse(
          "allowed_audiences",
          "is missing: name the MCP server that tokens are for, or a gateway backend");
    }
    return audiences;
  }
}
