package dev.keyturn.app.source;

import java.util.regex.Pattern;

/**
 * One key of one ConfigMap, spelled {@code kubernetes:configmap/NAMESPACE/NAME/KEY}.
 *
 * <p>The parts are checked as Kubernetes does, so none of them can lead to another path of its API.
 */
public record ConfigMapKey(String namespace, String name, String key) {
  private static final String SCHEME = "kubernetes:";
  private static final String KIND = SCHEME + "configmap/";
  private static final String SECRET = SCHEME + "secret";
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern NAMESPACE = Pattern.compile(LABEL);
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
  private static final int MAX_LENGTH = 253;

  public ConfigMapKey {
    require(NAMESPACE.matcher(namespace).matches(), "NAMESPACE", namespace);
    require(NAME.matcher(name).matches() && name.length() <= MAX_LENGTH, "NAME", name);
    require(KEY.matcher(key).matches() && key.length() <= MAX_LENGTH, "KEY", key);
  }

  /** Whether {@code spelling} is meant for the Kubernetes API and not as the name of a file. */
  public static boolean isMeantBy(String spelling) {
    return spelling.startsWith(SCHEME);
  }

  /** Reads the spelling; what is wrong with it is thrown, for the command line to show. */
  public static ConfigMapKey parse(String spelling) {
    if (spelling.startsWith(SECRET)) {
      throw new IllegalArgumentException(
          "a configuration is no Secret, and Secrets are mounted as files: " + form());
    }
    var parts = spelling.startsWith(KIND) ? spelling.substring(KIND.length()).split("/", -1) : null;
    if (parts == null || parts.length != 3) {
      throw new IllegalArgumentException(spelling + " names no key of a ConfigMap: " + form());
    }
    return new ConfigMapKey(parts[0], parts[1], parts[2]);
  }

  /** The path of the ConfigMap in the API. */
  String path() {
    return "/api/v1/namespaces/" + namespace + "/configmaps/" + name;
  }

  @Override
  public String toString() {
    return KIND + namespace + "/" + name + "/" + key;
  }

  private static void require(boolean holds, String part, String text) {
    if (!holds) {
      throw new IllegalArgumentException("'" + text + "' is no " + part + ": " + form());
    }
  }

  private static String form() {
    return "write "
        + KIND
        + "NAMESPACE/NAME/KEY, such as kubernetes:configmap/mcp/keyturn/config.yaml";
  }
}
