package dev.keyturn.operator.reconcile;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.regex.Pattern;

/** The kinds of objects that the operator has to do with, and where the API server has them. */
enum Kind {
  CONFIG("keyturn.dev/v1beta1", "mcpexternalauthconfigs", "MCPExternalAuthConfig"),
  SERVER("keyturn.dev/v1beta1", "mcpservers", "MCPServer"),
  DEPLOYMENT("apps/v1", "deployments", "Deployment"),
  CONFIG_MAP("v1", "configmaps", "ConfigMap"),
  SERVICE("v1", "services", "Service"),
  SERVICE_ACCOUNT("v1", "serviceaccounts", "ServiceAccount"),
  NETWORK_POLICY("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy"),
  BUDGET("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget"),
  VOLUME("v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
  INGRESS("networking.k8s.io/v1", "ingresses", "Ingress"),
  HTTP_ROUTE("gateway.networking.k8s.io/v1", "httproutes", "HTTPRoute"),
  POD("v1", "pods", "Pod"),
  SECRET("v1", "secrets", "Secret"),
  EVENT("events.k8s.io/v1", "events", "Event");

  private static final int MAX_NAME = 253;

  /** Names come from whoever writes a resource, and become part of a path. */
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private final String apiVersion;
  private final String plural;
  private final String word;

  Kind(String apiVersion, String plural, String word) {
    this.apiVersion = apiVersion;
    this.plural = plural;
    this.word = word;
  }

  /** The kind that an object spells so. */
  static Kind of(String word) {
    for (var kind : values()) {
      if (kind.word.equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("nothing is made of kind " + word);
  }

  String apiVersion() {
    return apiVersion;
  }

  /** As an object spells it. */
  String word() {
    return word;
  }

  /** As a role spells it. */
  String plural() {
    return plural;
  }

  /** The path of all in a namespace. */
  String path(String namespace) {
    return (apiVersion.equals("v1") ? "/api/v1" : "/apis/" + apiVersion)
        + "/namespaces/"
        + checked(namespace)
        + "/"
        + plural;
  }

  /** The path of one. */
  String path(String namespace, String name) {
    return path(namespace) + "/" + checked(name);
  }

  /** For whoever watches it. */
  ResourceDefinitionContext context() {
    var slash = apiVersion.indexOf('/');
    return new ResourceDefinitionContext.Builder()
        .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
        .withVersion(apiVersion.substring(slash + 1))
        .withKind(word)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }

  private static String checked(String name) {
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("nothing in a cluster can have the name that was given");
    }
    return name;
  }
}
