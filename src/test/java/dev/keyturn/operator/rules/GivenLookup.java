package dev.keyturn.operator.rules;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.render.GivenNamespace;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The namespace {@code tools}, with Secrets that are good by what their keys promise. */
final class GivenLookup implements Lookup {
  private final GivenNamespace namespace;
  private final Map<String, Map<String, byte[]>> secrets = new HashMap<>();

  private GivenLookup(GivenNamespace namespace) {
    this.namespace = namespace;
  }

  static GivenLookup of(GivenNamespace namespace) {
    return new GivenLookup(namespace)
        .with("as-keys", "p256-pkcs8.pem", key("p256-pkcs8.pem"))
        .with("as-keys", "p384-pkcs8.pem", key("p384-pkcs8.pem"))
        .with("as-keys", "hmac-1", "h".repeat(48).getBytes(US_ASCII))
        .with("as-keys", "vault-1", "v".repeat(32).getBytes(US_ASCII))
        .with("gh", "secret", "of-github\n".getBytes(US_ASCII));
  }

  GivenLookup with(String secret, String key, byte[] content) {
    secrets.computeIfAbsent(secret, name -> new HashMap<>()).put(key, content);
    return this;
  }

  GivenLookup without(String secret) {
    secrets.remove(secret);
    return this;
  }

  static byte[] key(String file) {
    try (var in = GivenLookup.class.getResourceAsStream("/dev/keyturn/keys/" + file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String where, String name) {
    return Optional.ofNullable(secrets.get(name));
  }

  @Override
  public Optional<Map<String, String>> configMap(String where, String name) {
    return Optional.ofNullable(namespace.configMaps().get(name));
  }

  @Override
  public List<ExternalAuthConfig> configs(String where) {
    return namespace.configs();
  }

  @Override
  public List<McpServer> servers(String where) {
    return namespace.servers();
  }
}
