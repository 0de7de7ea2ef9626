package dev.keyturn.operator.cluster;

import dev.keyturn.secrets.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a pod knows of its cluster: where the API is, by whose certificates, and who we are there.
 *
 * @param account the mounted service account; its files are replaced while we run, so they are read
 *     for each request
 */
public record Pod(String host, int port, Path account) {
  /** Where a service account is mounted unless the pod says otherwise. */
  public static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");

  /** The pod that we run in; where we run in none, that is thrown in words for the operator. */
  public static Pod of(Map<String, String> environment, Path account) {
    return new Pod(
        variable(environment, "KUBERNETES_SERVICE_HOST"),
        port(variable(environment, "KUBERNETES_SERVICE_PORT")),
        account);
  }

  /** The certificates of those who may vouch for the API server, in PEM. Blocks. */
  public byte[] authorities() {
    var pem = read("ca.crt");
    if (!new String(pem, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----")) {
      throw new ClusterException(account.resolve("ca.crt") + " holds no certificate");
    }
    return pem;
  }

  /** The token of now. Blocks. */
  public String token() {
    var token = new String(read("token"), StandardCharsets.US_ASCII).strip();
    if (!TOKEN.matcher(token).matches()) {
      throw new ClusterException(account.resolve("token") + " holds no token");
    }
    return token;
  }

  private byte[] read(String name) {
    var file = account.resolve(name);
    try {
      return new Disk().read(file);
    } catch (IOException e) {
      throw new ClusterException(file + " cannot be read: is the service account mounted there?");
    }
  }

  private static String variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(text -> !text.isBlank())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "kubernetes: works in a pod only, and here " + name + " is not set"));
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
      throw new IllegalArgumentException("KUBERNETES_SERVICE_PORT is no port: " + text);
    }
    return Integer.parseInt(text);
  }
}
