package dev.keyturn.operator.cluster;

import java.util.regex.Pattern;

/**
 * Where the API server has an object, or all of a kind in a namespace.
 *
 * <p>Names come from whoever asks, and become part of a path: what is no name never gets there.
 *
 * @param kind the resource as a Role spells it
 */
record ObjectPath(String uri, String kind, String words) {
  private static final String GROUP = "/apis/keyturn.dev/v1beta1";
  private static final int MAX_NAME = 253;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  static ObjectPath secret(String namespace, String name) {
    return new ObjectPath(
        "/api/v1/namespaces/" + checked(namespace) + "/secrets/" + checked(name),
        "secrets",
        "Secret " + name + " in namespace " + namespace);
  }

  static ObjectPath configMap(String namespace, String name) {
    return new ObjectPath(
        "/api/v1/namespaces/" + checked(namespace) + "/configmaps/" + checked(name),
        "configmaps",
        "ConfigMap " + name + " in namespace " + namespace);
  }

  static ObjectPath configs(String namespace) {
    return all("mcpexternalauthconfigs", namespace);
  }

  static ObjectPath servers(String namespace) {
    return all("mcpservers", namespace);
  }

  static ObjectPath accessReviews() {
    var kind = "subjectaccessreviews";
    return new ObjectPath("/apis/authorization.k8s.io/v1/" + kind, kind, kind);
  }

  /** Whether an object can have that name. */
  static boolean isName(String text) {
    return text.length() <= MAX_NAME && NAME.matcher(text).matches();
  }

  private static ObjectPath all(String kind, String namespace) {
    return new ObjectPath(
        GROUP + "/namespaces/" + checked(namespace) + "/" + kind,
        kind,
        kind + " in namespace " + namespace);
  }

  private static String checked(String name) {
    if (!isName(name)) {
      throw new ClusterException("nothing in a cluster can have the name that was given");
    }
    return name;
  }

  /** In words, for whoever has to grant access to it. */
  @Override
  public String toString() {
    return words;
  }
}
