package dev.keyturn.operator.render;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the objects that are made are called; each name is a DNS label, however long its parts. */
public final class Names {
  private static final int MOST = 63;
  private static final int HASH = 8;

  private Names() {}

  /** The Deployment, Service and ConfigMap of a config at one issuer. */
  static String deployment(String config, String issuer) {
    return fit("keyturn-" + config, digest(config + "\n" + issuer));
  }

  /** The Service of the MCP server that is run for an {@code image}. */
  public static String service(String server) {
    var name = "mcp-" + server;
    return name.length() <= MOST && !name.contains(".") ? name : fit(name, digest(server));
  }

  /** The whole digest of a text, in hexadecimal digits. */
  static String digest(String text) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String fit(String name, String digest) {
    var most = MOST - HASH - 1;
    var plain = name.replace('.', '-');
    var cut = plain.length() > most ? plain.substring(0, most) : plain;
    return cut + "-" + digest.substring(0, HASH);
  }
}
