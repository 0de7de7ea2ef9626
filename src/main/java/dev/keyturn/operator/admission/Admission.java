package dev.keyturn.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.cluster.ApiServer;
import dev.keyturn.operator.cluster.Cluster;
import dev.keyturn.operator.cluster.ClusterException;
import dev.keyturn.operator.rules.Reference;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Judges what somebody wants to have stored.
 *
 * <p>Nothing is changed anywhere, so a dry run is judged as everything else. What cannot be found
 * out is refused, for a Secret that nobody looked into may be another's.
 */
final class Admission {
  /** Each is a call or two; nobody has so many for a good reason. */
  private static final int MAX_REFERENCES = 100;

  private final Vertx vertx;
  private final ApiServer api;
  private final Rulebook rules;
  private final Set<String> namespaces;
  private final Resources resources = new Resources();

  /**
   * @param namespaces which ones are judged; empty for all
   */
  Admission(Vertx vertx, ApiServer api, Rulebook rules, Set<String> namespaces) {
    this.vertx = vertx;
    this.api = api;
    this.rules = rules;
    this.namespaces = Set.copyOf(namespaces);
  }

  /** The verdict, at the latest when {@code patience} is over. */
  Future<Verdict> judge(AdmissionRequest request, Duration patience) {
    if (!request.target().isOurs()) {
      return Future.succeededFuture(
          Verdict.unchecked("Keyturn judges keyturn.dev only: narrow the rules of its webhook"));
    }
    if (request.isNeverChecked()) {
      return Future.succeededFuture(Verdict.unchecked());
    }
    if (!namespaces.isEmpty() && !namespaces.contains(request.namespace())) {
      return Future.succeededFuture(
          Verdict.unchecked("Keyturn does not watch this namespace: nothing will come of it"));
    }
    return understood(request, patience);
  }

  private Future<Verdict> understood(AdmissionRequest request, Duration patience) {
    var due = Deadline.in(patience);
    return vertx
        .executeBlocking(() -> read(request), false)
        .compose(asked -> judge(request, asked, due))
        .recover(Admission::inDoubt);
  }

  /** Elsewhere, since a resource may be large. */
  private Asked read(AdmissionRequest request) {
    Subject subject;
    try {
      subject = subject(request.target(), request.object());
    } catch (IllegalArgumentException e) {
      throw new NotUnderstood("this Keyturn does not understand it: " + e.getMessage());
    }
    var references = rules.references(subject);
    if (references.size() > MAX_REFERENCES) {
      throw new NotUnderstood("it names more than " + MAX_REFERENCES + " Secrets and ConfigMaps");
    }
    return new Asked(subject, references);
  }

  private Future<Verdict> judge(AdmissionRequest request, Asked asked, Deadline due) {
    return api.work(
        due.left(),
        calls -> {
          var cluster = new Cluster(calls, resources);
          return judge(
              request, asked, new Surroundings(cluster, request.namespace(), asked.references));
        });
  }

  private Subject subject(AdmissionRequest.Target target, JsonNode object) {
    if (!target.version().equals("v1beta1")) {
      throw new IllegalArgumentException("it knows keyturn.dev/v1beta1 only");
    }
    return switch (target.resource()) {
      case "mcpexternalauthconfigs" ->
          new Subject.Config(resources.read(object, ExternalAuthConfig.class));
      case "mcpservers" -> new Subject.Server(resources.read(object, McpServer.class));
      default -> throw new IllegalArgumentException("it knows no " + target.resource());
    };
  }

  private Future<Verdict> judge(AdmissionRequest request, Asked asked, Surroundings surroundings) {
    return surroundings
        .hiddenFrom(request.requester())
        .compose(
            hidden ->
                hidden.isEmpty()
                    ? surroundings.fetch().compose(around -> ruled(asked.subject, around))
                    : Future.succeededFuture(mayNot(hidden)));
  }

  /** Elsewhere: keys are tried, and an RSA key takes its time. */
  private Future<Verdict> ruled(Subject subject, Around around) {
    return vertx.executeBlocking(
        () -> Verdict.of(subject.name(), rules.judge(subject, around)), false);
  }

  private static Verdict mayNot(List<Reference> hidden) {
    return Verdict.forbidden(
        hidden.stream()
            .map(
                reference ->
                    reference.field()
                        + " you may not reference Secret "
                        + reference.name()
                        + ": it takes the right to get it")
            .toList());
  }

  private static Future<Verdict> inDoubt(Throwable cause) {
    if (cause instanceof NotUnderstood refused) {
      return Future.succeededFuture(Verdict.invalid(String.valueOf(refused.getMessage())));
    }
    return cause instanceof ClusterException known
        ? Future.succeededFuture(
            Verdict.unavailable("Keyturn could not judge it: " + known.getMessage()))
        : Future.failedFuture(cause);
  }

  /** A resource, and what it names. */
  private record Asked(Subject subject, List<Reference> references) {}

  /** It is refused before anybody is asked about it. */
  private static final class NotUnderstood extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NotUnderstood(String message) {
      super(message, null, false, false);
    }
  }
}
