package dev.keyturn.operator.reconcile;

import static dev.keyturn.operator.reconcile.GivenCluster.accepted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.KubeApi;
import dev.keyturn.given.Patience;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What the controllers of a cluster do, as far as an installation needs them: pods for each
 * Deployment, which is then told to be there, and the end of namespaces.
 */
final class Controllers implements AutoCloseable {
  private static final String DEPLOYMENTS = "/apis/apps/v1/deployments";
  private static final String NAMESPACES = "/api/v1/namespaces";
  private static final int GONE = 404;

  private final KubeApi admin;
  private final Predicate<JsonNode> running;
  private final Consumer<String> ended;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private volatile String failure = "";

  /**
   * @param running runs the pods of a Deployment, and tells whether they are there
   * @param ended hears of a namespace that is gone
   */
  Controllers(KubeApi admin, Predicate<JsonNode> running, Consumer<String> ended) {
    this.admin = admin;
    this.running = running;
    this.ended = ended;
    var unused = thread.scheduleWithFixedDelay(this::look, 0, 200, TimeUnit.MILLISECONDS);
  }

  /** What went wrong; empty as long as nothing did. */
  String failure() {
    return failure;
  }

  private void look() {
    try {
      admin.get(DEPLOYMENTS).body().path("items").forEach(this::deployment);
      admin.get(NAMESPACES).body().path("items").forEach(this::namespace);
    } catch (RuntimeException | AssertionError e) {
      failure = String.valueOf(e);
    }
  }

  private void deployment(JsonNode deployment) {
    var generation = deployment.at("/metadata/generation").asLong();
    var isDone = deployment.at("/status/observedGeneration").asLong() == generation;
    if (!running.test(deployment) || isDone) {
      return;
    }
    var replicas = deployment.at("/spec/replicas").asInt(1);
    var told = ((ObjectNode) deployment).deepCopy();
    var status = told.putObject("status").put("observedGeneration", generation);
    for (var count : List.of("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")) {
      status.put(count, replicas);
    }
    told.put("apiVersion", "apps/v1").put("kind", "Deployment");
    var path =
        "/apis/apps/v1/namespaces/"
            + deployment.at("/metadata/namespace").asText()
            + "/deployments/"
            + deployment.at("/metadata/name").asText();
    var said = admin.put(path + "/status", told);
    if (said.status() != 409 && said.status() != GONE) {
      accepted(said);
    }
  }

  private void namespace(JsonNode namespace) {
    var name = namespace.at("/metadata/name").asText();
    if (namespace.at("/metadata").has("deletionTimestamp")) {
      ended.accept(name);
      var last = ((ObjectNode) namespace).deepCopy();
      last.put("apiVersion", "v1").put("kind", "Namespace");
      last.withObject("/spec").putArray("finalizers");
      admin.put(NAMESPACES + "/" + name + "/finalize", last);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(Patience.SECONDS, Patience.UNIT)) {
        throw new AssertionError("the controllers do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
