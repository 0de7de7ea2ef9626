package dev.keyturn.app;

import dev.keyturn.keys.NewKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Kubernetes Secret with everything that a server must keep between two starts.
 *
 * <p>The signing key has the name that it has in a directory of keys, so that the next one is the
 * last by name, and signs.
 */
record SecretManifest(String name, Optional<String> namespace) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int RANDOM_BYTES = 32;

  SecretManifest {
    require("--secret", name);
    namespace.ifPresent(value -> require("--namespace", value));
  }

  /** The manifest; whoever reads it can sign and open as we do. */
  String with(NewKey key, Instant made, SecureRandom random) {
    return head(key)
        + "stringData:\n"
        + "  "
        + key.fileName(made)
        + ": |\n"
        + key.pem().indent(4)
        + "  hmac-1: \""
        + unguessable(random)
        + "\"\n"
        + "  vault-1: \""
        + unguessable(random)
        + "\"\n";
  }

  private String head(NewKey key) {
    return """
    # Signing key %s (%s), an HMAC secret, and a vault key, each freshly random.
    # Keep no copy of this; pipe it:
    #   keyturn keys new --secret %s%s | kubectl create -f -
    # "create" refuses a Secret that exists, where "apply" would replace the keys in use.
    apiVersion: v1
    kind: Secret
    metadata:
      name: "%s"
    %stype: Opaque
    """
        .formatted(
            key.key().kid(),
            key.key().algorithm().wire(),
            name,
            namespace.map(value -> " --namespace " + value).orElse(""),
            name,
            namespace.map(value -> "  namespace: \"" + value + "\"\n").orElse(""));
  }

  /** Base64, because raw bytes that end in a newline would lose it when they are read. */
  private static String unguessable(SecureRandom random) {
    var bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void require(String option, String value) {
    if (!LABEL.matcher(value).matches()) {
      throw new IllegalArgumentException(
          option + " must be 1 to 63 of a-z, 0-9 and -, and neither begin nor end with -");
    }
  }
}
