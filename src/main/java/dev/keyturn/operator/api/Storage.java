package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/** Where sessions and tokens are kept. */
public record Storage(Type type, Optional<FileStorage> file, Optional<Redis> redis) {
  /** Only {@code redis} serves more than one replica. */
  public enum Type {
    @JsonProperty("memory")
    MEMORY,
    @JsonProperty("file")
    FILE,
    @JsonProperty("redis")
    REDIS
  }

  /** The volume of the embedded store. */
  public record FileStorage(Optional<String> size, Optional<String> storageClassName) {}

  /** A Redis, by one address or by its Sentinels. */
  public record Redis(
      Optional<String> addr,
      boolean clusterMode,
      Optional<Sentinel> sentinelConfig,
      Optional<AclUser> aclUserConfig,
      Optional<String> dialTimeout,
      Optional<String> readTimeout,
      Optional<String> writeTimeout,
      Optional<RedisTls> tls,
      Optional<RedisTls> sentinelTls) {}

  /** The Sentinels that know where the primary is. */
  public record Sentinel(
      String masterName,
      List<String> sentinelAddrs,
      Optional<SentinelService> sentinelService,
      Optional<Integer> db) {
    public Sentinel {
      sentinelAddrs = List.copyOf(sentinelAddrs);
    }
  }

  /** A Service in front of Sentinels. */
  public record SentinelService(String name, Optional<String> namespace, Optional<Integer> port) {}

  /** Who Keyturn is to Redis; without a user name by the password alone. */
  public record AclUser(Optional<SecretKeyRef> usernameSecretRef, SecretKeyRef passwordSecretRef) {}

  /** That connections are encrypted, and who may vouch for the server. */
  public record RedisTls(boolean insecureSkipVerify, Optional<SecretKeyRef> caCertSecretRef) {}
}
