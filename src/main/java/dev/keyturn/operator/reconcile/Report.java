package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.ExternalAuthStatus;
import dev.keyturn.operator.api.KeyStatus;
import dev.keyturn.operator.api.OAuth2Config;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.api.UpstreamStatus;
import dev.keyturn.operator.objects.Digest;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the status of an {@code MCPExternalAuthConfig}, and an event for each transition. */
final class Report {
  /** The reason where the API server does not take an object. */
  static final String REFUSED = "ApplyRefused";

  private static final int MOST_SERVERS = 1_000;
  private static final int MOST = 256;
  private static final int FEW = 10;

  private final Hands hands;
  private final Clock clock;
  private final Resources resources = new Resources();

  Report(Hands hands, Clock clock) {
    this.hands = hands;
    this.clock = clock;
  }

  void of(
      ExternalAuthConfig config,
      Standing standing,
      Outcome outcome,
      Stock stock,
      List<String> servers) {
    var conditions = conditions(config);
    var told = told(config, outcome, stock);
    conditions.say("Valid", standing.valid(), standing.reason(), standing.message());
    var isIncoming = config.spec().type().isIncoming();
    if (isIncoming) {
      ready(conditions, standing, outcome);
      upstreams(conditions, told);
      keys(conditions, told);
      identity(conditions, config);
    } else {
      conditions.say("Ready", standing.valid(), standing.reason(), standing.message());
    }
    var now = status(config, conditions, outcome, told, servers);
    write(
        config,
        conditions,
        config
            .status()
            .filter(before -> !outcome.acted() && before.configHash().isPresent())
            .map(now::serving)
            .orElse(now));
  }

  /** That it is to go, and who needs it. */
  void blocked(ExternalAuthConfig config, List<String> servers) {
    var conditions = conditions(config);
    var names = String.join(", ", servers.stream().limit(FEW).toList());
    var more = servers.size() > FEW ? " and " + (servers.size() - FEW) + " more" : "";
    config.status().stream()
        .flatMap(status -> status.conditions().stream())
        .filter(condition -> !condition.type().equals("DeletionBlocked"))
        .forEach(conditions::keep);
    conditions.warn(
        "DeletionBlocked",
        true,
        "InUse",
        "delete these MCPServers first, or let them name another: " + names + more);
    var before = config.status().orElse(nothing());
    write(
        config,
        conditions,
        new ExternalAuthStatus(
            config.metadata().generation(),
            conditions.all(),
            before.configHash(),
            servers.stream().limit(MOST_SERVERS).toList(),
            before.redirectUris(),
            before.urls(),
            before.upstreams(),
            before.keys(),
            before.pods()));
  }

  private Conditions conditions(ExternalAuthConfig config) {
    return new Conditions(
        config.status().map(ExternalAuthStatus::conditions).orElse(List.of()),
        config.metadata().generation(),
        clock);
  }

  private static ExternalAuthStatus nothing() {
    return new ExternalAuthStatus(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static ExternalAuthStatus status(
      ExternalAuthConfig config,
      Conditions conditions,
      Outcome outcome,
      List<Loaded> told,
      List<String> servers) {
    var keyturns = outcome.deployments().stream().map(Outcome.Part::keyturn).toList();
    var hashes = keyturns.stream().map(Keyturn::revision).toList();
    return new ExternalAuthStatus(
        config.metadata().generation(),
        conditions.all(),
        hashes.isEmpty() || !outcome.acted()
            ? Optional.empty()
            : Optional.of(hashes.size() == 1 ? hashes.get(0) : Digest.of(hashes.toString())),
        servers.stream().limit(MOST_SERVERS).toList(),
        keyturns.stream()
            .flatMap(one -> one.redirectUris().stream())
            .distinct()
            .limit(MOST)
            .toList(),
        keyturns.stream().flatMap(one -> one.urls().stream()).distinct().limit(MOST).toList(),
        merged(told),
        together(told),
        outcome.deployments().stream().flatMap(part -> part.pods().stream()).limit(MOST).toList());
  }

  private static void ready(Conditions conditions, Standing standing, Outcome outcome) {
    if (outcome.refused().isPresent()) {
      conditions.say("Ready", false, REFUSED, outcome.refused().get());
      return;
    }
    var parts = outcome.deployments();
    if (parts.isEmpty()) {
      conditions.unknown("Ready", "NoServers", "nothing runs before an MCPServer names it");
      return;
    }
    var waiting =
        parts.stream()
            .filter(part -> part.rollout().filter(Rollout::done).isEmpty())
            .map(part -> part.keyturn().name())
            .limit(FEW)
            .toList();
    var behind =
        parts.stream()
            .flatMap(part -> part.pods().stream())
            .filter(pod -> !pod.upToDate())
            .limit(FEW)
            .map(pod -> pod.name() + " " + pod.reason().orElse(""))
            .toList();
    if (!standing.acts() && !waiting.isEmpty()) {
      conditions.say("Ready", false, standing.reason(), standing.message());
    } else if (!waiting.isEmpty()) {
      conditions.progress("Ready", "RollingOut", "waits for " + String.join(", ", waiting));
    } else if (!behind.isEmpty()) {
      conditions.say("Ready", true, "PodsBehind", String.join("; ", behind));
    } else {
      conditions.say("Ready", true, "UpToDate", "every pod has the newest configuration");
    }
  }

  private static void upstreams(Conditions conditions, List<Loaded> told) {
    var down = merged(told).stream().filter(one -> !one.ready()).toList();
    if (told.isEmpty()) {
      conditions.unknown("UpstreamsReady", "NoPods", "no pod has told yet");
    } else if (down.isEmpty()) {
      conditions.say("UpstreamsReady", true, "Reachable", "every provider answers");
    } else {
      conditions.say(
          "UpstreamsReady",
          false,
          "Unreachable",
          String.join(
              "; ", down.stream().map(one -> one.name() + " " + one.reason().orElse("")).toList()));
    }
  }

  private static void keys(Conditions conditions, List<Loaded> told) {
    var refusing =
        told.stream().flatMap(one -> one.refused().stream()).distinct().limit(FEW).toList();
    if (told.isEmpty()) {
      conditions.unknown("KeysReady", "NoPods", "no pod has told yet");
    } else if (refusing.isEmpty()) {
      conditions.say("KeysReady", true, "InForce", "every pod has taken what its Secrets hold");
    } else {
      conditions.say("KeysReady", false, "Refused", String.join("; ", refusing));
    }
  }

  /** Where nobody says who somebody is, a name is made up for each login. */
  private static void identity(Conditions conditions, ExternalAuthConfig config) {
    var nameless =
        config.spec().embeddedAuthServer().map(EmbeddedAuthServer::upstreamProviders).stream()
            .flatMap(List::stream)
            .limit(1)
            .flatMap(provider -> provider.oauth2Config().stream())
            .anyMatch(Report::namesNobody);
    conditions.warn(
        "IdentitySynthesized",
        nameless,
        nameless ? "NoUserInfo" : "ProviderNamesPeople",
        nameless
            ? "the first provider has neither userInfo nor identityFromToken"
            : "the first provider tells who somebody is");
  }

  private static boolean namesNobody(OAuth2Config provider) {
    return provider.userInfo().isEmpty() && provider.identityFromToken().isEmpty();
  }

  private static List<Loaded> told(ExternalAuthConfig config, Outcome outcome, Stock stock) {
    var namespace = config.metadata().namespace().orElse("default");
    return outcome.deployments().stream()
        .flatMap(part -> stock.pods(namespace, part.keyturn().name()).stream())
        .limit(MOST)
        .flatMap(pod -> stock.loaded(pod).stream())
        .toList();
  }

  /** Up where every pod says so. */
  private static List<UpstreamStatus> merged(List<Loaded> told) {
    var all = new LinkedHashMap<String, UpstreamStatus>();
    told.stream()
        .flatMap(one -> one.upstreams().stream())
        .forEach(one -> all.merge(one.name(), one, (a, b) -> a.ready() ? b : a));
    return all.values().stream().limit(16).toList();
  }

  /** Every key; where pods differ, as the first of them sees it. */
  private static List<KeyStatus> together(List<Loaded> told) {
    Map<String, KeyStatus> all = new LinkedHashMap<>();
    Stream<KeyStatus> keys = told.stream().flatMap(one -> one.keys().stream());
    keys.forEach(key -> all.putIfAbsent(key.kid(), key));
    return all.values().stream().limit(32).toList();
  }

  private void write(ExternalAuthConfig config, Conditions conditions, ExternalAuthStatus status) {
    var metadata = config.metadata();
    var key = Key.config(metadata.namespace().orElse("default"), metadata.name());
    if (!config.status().filter(status::equals).isPresent()) {
      hands.status(key, (ObjectNode) resources.write(status));
    }
    conditions.notices().forEach(notice -> hands.tell(key, metadata.uid().orElse(""), notice));
  }
}
