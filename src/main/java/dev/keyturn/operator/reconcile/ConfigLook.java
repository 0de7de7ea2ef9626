package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.OidcSource;
import dev.keyturn.operator.api.PodStatus;
import dev.keyturn.operator.objects.KeyturnObjects;
import dev.keyturn.operator.objects.Made;
import dev.keyturn.operator.objects.Owner;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Rendering;
import dev.keyturn.operator.render.Scene;
import dev.keyturn.operator.rules.Rules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks at an {@code MCPExternalAuthConfig}: makes what is to run for it, and tells what does.
 *
 * <p>What is not valid changes nothing: the last good objects stay as they are. A server that is
 * refused is left out, so that it is closed and the others go on.
 */
final class ConfigLook {
  private static final int MOST_PODS = 256;

  private final Stock stock;
  private final Hands hands;
  private final Board board;
  private final Rules rules;
  private final Rendering rendering;
  private final KeyturnObjects objects;
  private final Dependants dependants;
  private final Farewell farewell;
  private final Report report;
  private final Misread misread;

  ConfigLook(Stock stock, Hands hands, Board board, Means means) {
    this.stock = stock;
    this.hands = hands;
    this.board = board;
    this.rules = means.rules();
    this.rendering = new Rendering(means.settings().pod());
    this.objects = new KeyturnObjects(means.settings());
    this.dependants = new Dependants(stock);
    this.report = new Report(hands, means.clock());
    this.farewell = new Farewell(hands, report);
    this.misread = new Misread(hands, means.clock());
  }

  Look at(String namespace, String name) {
    var found = stock.config(namespace, name);
    if (found.isEmpty()) {
      return unread(namespace, name);
    }
    var config = found.get();
    if (config.metadata().isBeingDeleted()) {
      return farewell.to(config, dependants.staying(namespace, name));
    }
    hold(config);
    var around = new Surround(stock, hands, namespace);
    var news = new HashSet<Key>();
    var admitted = around.with(admitted(config, around, news));
    var standing =
        dependants
            .unread(config)
            .map(Misread::standing)
            .orElseGet(() -> Standing.of(rules.judge(config, admitted)));
    var outcome =
        standing.acts()
            ? made(config, standing, admitted)
            : kept(config, admitted, Optional.empty());
    return told(config, standing, admitted, outcome).with(news);
  }

  /** One that is gone is forgotten, and one that is not understood is not gone. */
  private Look unread(String namespace, String name) {
    var key = Key.config(namespace, name);
    var unread = stock.unread(namespace).stream().filter(one -> one.key().equals(key)).findFirst();
    if (unread.isEmpty()) {
      board.forget(namespace, name);
      return Look.DONE;
    }
    var metadata = unread.get().metadata();
    if (!metadata.isBeingDeleted()
        || !farewell.isLetGo(metadata, dependants.staying(namespace, name))) {
      misread.tell(unread.get());
    }
    return new Look(metadata.isBeingDeleted(), Optional.empty(), Set.of());
  }

  /** Whoever looks at the config is told what the API server refuses. */
  private Outcome made(ExternalAuthConfig config, Standing standing, Surround admitted) {
    try {
      return new Outcome(true, Optional.empty(), parts(config, made(config, admitted)));
    } catch (ApiException e) {
      if (e.isRefusal()) {
        var refused = kept(config, admitted, Optional.ofNullable(e.getMessage()));
        var unused = told(config, standing, admitted, refused);
      }
      throw e;
    }
  }

  private Look told(
      ExternalAuthConfig config, Standing standing, Surround admitted, Outcome outcome) {
    var namespace = config.metadata().namespace().orElse("default");
    report.of(
        config, standing, outcome, stock, dependants.naming(namespace, config.metadata().name()));
    return look(config, standing, admitted, outcome);
  }

  private Look look(
      ExternalAuthConfig config, Standing standing, Surround admitted, Outcome outcome) {
    var namespace = config.metadata().namespace().orElse("default");
    var before = board.of(namespace, config.metadata().name());
    var others = new HashSet<Key>();
    if (board.note(namespace, config.metadata().name(), outcome)) {
      Stream.of(before, outcome)
          .flatMap(one -> one.deployments().stream())
          .flatMap(part -> part.keyturn().servers().stream())
          .forEach(server -> others.add(Key.server(namespace, server)));
    }
    var terms = TermsLook.read(admitted.servers(), admitted, namespace);
    board.noteTerms(Key.config(namespace, config.metadata().name()), terms);
    terms.keySet().forEach(name -> others.add(new Key(Kind.CONFIG_MAP, namespace, name)));
    return new Look(!standing.acts(), Optional.empty(), others);
  }

  private void hold(ExternalAuthConfig config) {
    if (!config.metadata().finalizers().contains(Farewell.FINALIZER)) {
      hands.hold(
          Key.config(config.metadata().namespace().orElse("default"), config.metadata().name()));
    }
  }

  /** The servers that may be served; how many pods they want is no reason to close one. */
  private List<McpServer> admitted(ExternalAuthConfig config, Surround around, Set<Key> news) {
    return around.servers().stream()
        .filter(
            server ->
                !names(server, config)
                    || judged(server, around, news).stream()
                        .filter(remark -> !remark.field().equals("spec.replicas"))
                        .allMatch(Remark::isAdmitted))
        .toList();
  }

  /** It is known then to the server's own look, which has to get no Secret again. */
  private List<Remark> judged(McpServer server, Surround around, Set<Key> news) {
    var key = Key.server(server.metadata().namespace().orElse("default"), server.metadata().name());
    var remarks = rules.judge(server, around.before(server));
    if (board.noteVerdict(key, server.metadata(), remarks)) {
      news.add(key);
    }
    return remarks;
  }

  private List<Keyturn> made(ExternalAuthConfig config, Surround around) {
    var deployments = rendered(config, around).deployments();
    var wanted = new HashSet<Key>();
    for (var deployed : deployments) {
      for (var object : objects.of(config, deployed)) {
        hands.apply(object);
        wanted.add(key(object));
      }
    }
    stock.owned(Owner.of(config)).stream()
        .filter(key -> !wanted.contains(key))
        .forEach(hands::delete);
    return deployments.stream().map(Keyturn::of).toList();
  }

  /** What was made last; after a start, when nobody remembers, what would be made. */
  private Outcome kept(ExternalAuthConfig config, Surround around, Optional<String> refused) {
    var namespace = config.metadata().namespace().orElse("default");
    var deployments =
        board
            .made(namespace, config.metadata().name())
            .map(made -> made.deployments().stream().map(Outcome.Part::keyturn).toList())
            .orElseGet(
                () -> rendered(config, around).deployments().stream().map(Keyturn::of).toList());
    return new Outcome(false, refused, parts(config, deployments));
  }

  private dev.keyturn.operator.render.Rendered rendered(
      ExternalAuthConfig config, Surround around) {
    var namespace = config.metadata().namespace().orElse("default");
    return rendering.of(
        new Scene(
            config, around.servers(), around.configs(namespace), configMaps(namespace, around)));
  }

  private static Map<String, Map<String, String>> configMaps(String namespace, Surround around) {
    var known = new HashMap<String, Map<String, String>>();
    around.servers().stream()
        .flatMap(server -> server.spec().oidcConfig().flatMap(OidcSource::configMap).stream())
        .forEach(
            named ->
                around
                    .configMap(namespace, named.name())
                    .ifPresent(content -> known.put(named.name(), content)));
    return known;
  }

  private List<Outcome.Part> parts(ExternalAuthConfig config, List<Keyturn> keyturns) {
    var namespace = config.metadata().namespace().orElse("default");
    var parts = new ArrayList<Outcome.Part>();
    for (var keyturn : keyturns) {
      stock
          .rollout(namespace, keyturn.name())
          .ifPresent(
              rollout ->
                  parts.add(
                      new Outcome.Part(keyturn, Optional.of(rollout), pods(namespace, keyturn))));
      if (stock.rollout(namespace, keyturn.name()).isEmpty()) {
        parts.add(new Outcome.Part(keyturn, Optional.empty(), List.of()));
      }
    }
    return parts;
  }

  private List<PodStatus> pods(String namespace, Keyturn keyturn) {
    var wanted = keyturn.revision();
    return stock.pods(namespace, keyturn.name()).stream()
        .limit(MOST_PODS)
        .map(
            pod ->
                stock
                    .loaded(pod)
                    .map(loaded -> loaded.status(pod.name(), wanted))
                    .orElseGet(() -> silent(pod)))
        .toList();
  }

  private static PodStatus silent(PodSeen pod) {
    return new PodStatus(
        pod.name(),
        Optional.empty(),
        false,
        Optional.of(pod.answers() ? "has not answered yet" : "is not ready"));
  }

  private static boolean names(McpServer server, ExternalAuthConfig config) {
    return Ties.of(server).contains(config.metadata().name());
  }

  private static Key key(Made object) {
    return new Key(Kind.of(object.kind()), object.namespace(), object.name());
  }
}
