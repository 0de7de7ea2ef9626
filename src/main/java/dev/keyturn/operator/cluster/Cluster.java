package dev.keyturn.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Resources;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects of our cluster that are looked at, and who may see them. */
public final class Cluster {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ApiCalls calls;
  private final Resources resources;

  public Cluster(ApiCalls calls, Resources resources) {
    this.calls = calls;
    this.resources = resources;
  }

  /** The entries of a Secret; empty where there is none of that name. */
  public Future<Optional<Map<String, byte[]>>> secret(String namespace, String name) {
    return Future.succeededFuture(namespace)
        .map(in -> ObjectPath.secret(in, name))
        .compose(path -> calls.get(path, Cluster::entries));
  }

  /** The texts of a ConfigMap; empty where there is none of that name. */
  public Future<Optional<Map<String, String>>> configMap(String namespace, String name) {
    return Future.succeededFuture(namespace)
        .map(in -> ObjectPath.configMap(in, name))
        .compose(path -> calls.get(path, Cluster::texts));
  }

  /** Every {@code MCPExternalAuthConfig} of a namespace that we understand. */
  public Future<List<ExternalAuthConfig>> configs(String namespace) {
    return Future.succeededFuture(namespace)
        .map(ObjectPath::configs)
        .compose(
            path ->
                calls.list(
                    path,
                    list -> understood(list, ExternalAuthConfig.KIND, ExternalAuthConfig.class)));
  }

  /** Every {@code MCPServer} of a namespace that we understand. */
  public Future<List<McpServer>> servers(String namespace) {
    return Future.succeededFuture(namespace)
        .map(ObjectPath::servers)
        .compose(
            path -> calls.list(path, list -> understood(list, McpServer.KIND, McpServer.class)));
  }

  /**
   * Whether {@code requester} may get a Secret, be it there or not.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/reference/access-authn-authz/authorization/">Authorization
   *     in Kubernetes</a>
   */
  public Future<Boolean> mayGetSecret(Requester requester, String namespace, String name) {
    return calls.create(
        ObjectPath.accessReviews(),
        review(requester, namespace, name),
        answer -> answer.at("/status/allowed").asBoolean(false));
  }

  private static ObjectNode review(Requester requester, String namespace, String name) {
    var review =
        NODES
            .objectNode()
            .put("apiVersion", "authorization.k8s.io/v1")
            .put("kind", "SubjectAccessReview");
    var spec = review.putObject("spec").put("user", requester.user()).put("uid", requester.uid());
    spec.putObject("resourceAttributes")
        .put("verb", "get")
        .put("group", "")
        .put("version", "v1")
        .put("resource", "secrets")
        .put("namespace", namespace)
        .put("name", name);
    requester.groups().forEach(spec.putArray("groups")::add);
    var extra = spec.putObject("extra");
    requester.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
    return review;
  }

  private static Map<String, byte[]> entries(JsonNode secret) {
    var entries = new HashMap<String, byte[]>();
    for (var entry : secret.path("data").properties()) {
      try {
        entries.put(entry.getKey(), entry.getValue().binaryValue());
      } catch (IOException e) {
        throw new ClusterException("the API server sent a Secret that is not base64");
      }
    }
    return entries;
  }

  private static Map<String, String> texts(JsonNode configMap) {
    var texts = new HashMap<String, String>();
    for (var entry : configMap.path("data").properties()) {
      texts.put(entry.getKey(), entry.getValue().asText());
    }
    return texts;
  }

  /** The kind of an item goes without saying in a list, and our records want it said. */
  private <T> List<T> understood(JsonNode list, String kind, Class<T> type) {
    var all = new ArrayList<T>();
    for (var item : list.path("items")) {
      if (item instanceof ObjectNode object) {
        object.put("apiVersion", Resources.API_VERSION).put("kind", kind);
        read(object, type).ifPresent(all::add);
      }
    }
    return List.copyOf(all);
  }

  /** One from another time must not keep others from being judged. */
  private <T> Optional<T> read(JsonNode item, Class<T> type) {
    try {
      return Optional.of(resources.read(item, type));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
