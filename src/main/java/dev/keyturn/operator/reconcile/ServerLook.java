package dev.keyturn.operator.reconcile;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.Condition;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerStatus;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.objects.KeyturnObjects;
import dev.keyturn.operator.objects.Made;
import dev.keyturn.operator.objects.Owner;
import dev.keyturn.operator.objects.RouteObjects;
import dev.keyturn.operator.objects.ServerObjects;
import dev.keyturn.operator.render.Names;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.rules.Rules;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at an {@code MCPServer}: runs its image, makes its route, and tells what its Keyturn does.
 *
 * <p>The Keyturn itself is made by the look at its config. Where that makes nothing, nothing is
 * made here: a route to a Keyturn that is not there is an outage.
 */
final class ServerLook {
  private static final int FEW = 10;

  private final Stock stock;
  private final Hands hands;
  private final Board board;
  private final Rules rules;
  private final ServerObjects objects;
  private final Clock clock;
  private final Misread misread;
  private final Resources resources = new Resources();

  ServerLook(Stock stock, Hands hands, Board board, Means means) {
    this.stock = stock;
    this.hands = hands;
    this.board = board;
    this.rules = means.rules();
    this.objects = new ServerObjects(means.settings());
    this.clock = means.clock();
    this.misread = new Misread(hands, clock);
  }

  Look at(String namespace, String name) {
    unread(Key.server(namespace, name)).ifPresent(misread::tell);
    var found = stock.server(namespace, name);
    if (found.isEmpty()) {
      board.forgetVerdict(Key.server(namespace, name));
    }
    if (found.isEmpty() || found.get().metadata().isBeingDeleted()) {
      return Look.DONE;
    }
    var server = found.get();
    if (isTooEarly(server, namespace)) {
      return new Look(true, Optional.empty(), Set.of());
    }
    var missing =
        Ties.of(server).stream()
            .flatMap(config -> unread(Key.config(namespace, config)).stream())
            .findFirst();
    var standing = missing.map(Misread::standing).orElseGet(() -> judged(server));
    var outcome =
        Ties.of(server).stream()
            .findFirst()
            .map(config -> board.of(namespace, config))
            .map(one -> missing.isPresent() ? one.kept() : one)
            .orElse(Outcome.NOTHING);
    if (standing.acts() && outcome.acted()) {
      make(server, standing, outcome);
    }
    report(server, standing, outcome, Optional.empty());
    return new Look(!standing.acts(), Optional.empty(), Set.of());
  }

  /** What the look at its config has said is enough where it acts; what waits is judged anew. */
  private Standing judged(McpServer server) {
    var namespace = namespace(server);
    var known =
        Ties.of(server).stream()
                .allMatch(
                    config ->
                        stock.config(namespace, config).isPresent()
                            && board.knows(namespace, config))
            ? board.verdict(Key.server(namespace, server.metadata().name()), server.metadata())
            : Optional.<List<Remark>>empty();
    return known
        .map(Standing::of)
        .filter(Standing::acts)
        .orElseGet(
            () ->
                Standing.of(
                    rules.judge(server, new Surround(stock, hands, namespace).before(server))));
  }

  private Optional<Unread> unread(Key key) {
    return stock.unread(key.namespace()).stream().filter(one -> one.key().equals(key)).findFirst();
  }

  /** Whoever looks at the server is told what the API server refuses. */
  private void make(McpServer server, Standing standing, Outcome outcome) {
    try {
      make(server, outcome.of(server.metadata().name()).map(Outcome.Part::keyturn));
    } catch (ApiException e) {
      if (e.isRefusal()) {
        report(server, standing, outcome, Optional.ofNullable(e.getMessage()));
      }
      throw e;
    }
  }

  /** Before its config was looked at nobody knows who is to reach it, and nobody is shut out. */
  private boolean isTooEarly(McpServer server, String namespace) {
    return Ties.of(server).stream()
        .anyMatch(
            config ->
                stock.config(namespace, config).isPresent() && !board.knows(namespace, config));
  }

  private void make(McpServer server, Optional<Keyturn> keyturn) {
    var wanted = new ArrayList<Made>(objects.of(server, keyturn.map(Keyturn::name)));
    keyturn
        .flatMap(one -> RouteObjects.of(server, one.name(), one.issuer(), routed(server, one)))
        .ifPresent(wanted::add);
    wanted.forEach(hands::apply);
    var keys =
        wanted.stream()
            .map(made -> new Key(Kind.of(made.kind()), made.namespace(), made.name()))
            .collect(Collectors.toSet());
    stock.owned(Owner.of(server)).stream()
        .filter(key -> !keys.contains(key))
        .forEach(hands::delete);
  }

  /**
   * Those with a route to the same Keyturn, also where what was made is kept. One of which the API
   * server takes no object leads nobody anywhere.
   */
  private List<McpServer> routed(McpServer server, Keyturn keyturn) {
    return stock.servers(namespace(server)).stream()
        .filter(one -> one.spec().route().isPresent())
        .filter(one -> keyturn.servers().contains(one.metadata().name()) || isKept(one, keyturn))
        .filter(one -> hasIngress(one) || !isRefused(one))
        .toList();
  }

  private boolean isKept(McpServer server, Keyturn keyturn) {
    var namespace = namespace(server);
    return hasIngress(server)
        && Ties.of(server).stream()
            .flatMap(config -> stock.config(namespace, config).stream())
            .flatMap(config -> config.spec().embeddedAuthServer().stream())
            .flatMap(embedded -> embedded.issuer().stream())
            .anyMatch(keyturn.issuer()::equals);
  }

  private boolean hasIngress(McpServer server) {
    return stock.owned(Owner.of(server)).stream().anyMatch(key -> key.kind() == Kind.INGRESS);
  }

  private static boolean isRefused(McpServer server) {
    return server.status().stream()
        .flatMap(status -> status.conditions().stream())
        .anyMatch(one -> one.reason().equals(Report.REFUSED));
  }

  private void report(
      McpServer server, Standing standing, Outcome outcome, Optional<String> refused) {
    var part = outcome.of(server.metadata().name());
    var metadata = server.metadata();
    var conditions =
        new Conditions(
            server.status().map(McpServerStatus::conditions).orElse(List.of()),
            metadata.generation(),
            clock);
    conditions.say("Valid", standing.valid(), standing.reason(), standing.message());
    refused.ifPresentOrElse(
        because -> conditions.say("Ready", false, Report.REFUSED, because),
        () -> ready(conditions, server, standing, part));
    var now = status(server, conditions, part, outcome.acted());
    var status =
        server
            .status()
            .filter(before -> !outcome.acted() && before.configHash().isPresent())
            .map(now::serving)
            .orElse(now);
    var key = Key.server(namespace(server), metadata.name());
    if (!server.status().filter(status::equals).isPresent()) {
      hands.status(key, (ObjectNode) resources.write(status));
    }
    conditions.notices().forEach(notice -> hands.tell(key, metadata.uid().orElse(""), notice));
  }

  private void ready(
      Conditions conditions, McpServer server, Standing standing, Optional<Outcome.Part> part) {
    var waiting = part.stream().flatMap(one -> waiting(server, one)).toList();
    var behind =
        part.stream()
            .flatMap(one -> one.pods().stream())
            .filter(pod -> !pod.upToDate())
            .limit(FEW)
            .map(pod -> pod.name() + " " + pod.reason().orElse(""))
            .collect(joining("; "));
    if (part.isPresent() && waiting.isEmpty() && behind.isEmpty()) {
      conditions.say("Ready", true, "Served", "its Keyturn runs");
    } else if (part.isPresent() && waiting.isEmpty() && wasReady(server)) {
      conditions.say("Ready", true, "PodsBehind", behind);
    } else if (!standing.valid()) {
      conditions.say("Ready", false, standing.reason(), standing.message());
    } else if (part.isEmpty()) {
      conditions.progress("Ready", "Waiting", "its MCPExternalAuthConfig does not serve it yet");
    } else if (!waiting.isEmpty()) {
      conditions.progress("Ready", "RollingOut", "waits for " + String.join(", ", waiting));
    } else {
      conditions.progress("Ready", "Loading", behind);
    }
  }

  /** The Deployments that are not there yet: of its Keyturn, and of its image. */
  private Stream<String> waiting(McpServer server, Outcome.Part part) {
    var name = Names.service(server.metadata().name());
    var image =
        server
            .spec()
            .image()
            .filter(any -> isWaited(stock.rollout(namespace(server), name)))
            .map(any -> name);
    return Stream.concat(
        Stream.of(part.keyturn().name()).filter(any -> isWaited(part.rollout())), image.stream());
  }

  private static boolean isWaited(Optional<Rollout> rollout) {
    return rollout.filter(Rollout::done).isEmpty();
  }

  /** As it is now: what pods have loaded before had it, too. */
  private static boolean wasReady(McpServer server) {
    return server.status().stream()
        .flatMap(status -> status.conditions().stream())
        .filter(one -> one.type().equals("Ready") && one.status() == Condition.Status.TRUE)
        .anyMatch(one -> one.observedGeneration().equals(server.metadata().generation()));
  }

  private static String namespace(McpServer server) {
    return server.metadata().namespace().orElse("default");
  }

  private static McpServerStatus status(
      McpServer server, Conditions conditions, Optional<Outcome.Part> part, boolean acted) {
    var keyturn = part.map(Outcome.Part::keyturn);
    var rollout = part.flatMap(Outcome.Part::rollout);
    return new McpServerStatus(
        server.metadata().generation(),
        conditions.all(),
        keyturn.filter(any -> acted).map(Keyturn::revision),
        keyturn.map(Keyturn::issuer),
        keyturn.isPresent() ? audiences(server) : List.of(),
        keyturn.map(Keyturn::redirectUris).orElse(List.of()),
        keyturn.isPresent() ? List.of(server.spec().resourceUrl()) : List.of(),
        rollout.map(Rollout::replicas),
        rollout.map(Rollout::ready),
        keyturn.map(Keyturn::name).map(KeyturnObjects::selector),
        part.map(Outcome.Part::pods).orElse(List.of()));
  }

  private static List<String> audiences(McpServer server) {
    return Stream.concat(
            Stream.of(server.spec().resourceUrl()),
            server
                .spec()
                .oidcConfig()
                .flatMap(one -> one.inline())
                .flatMap(inline -> inline.audience())
                .stream())
        .distinct()
        .toList();
  }
}
