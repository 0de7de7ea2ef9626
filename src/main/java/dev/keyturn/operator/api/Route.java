package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/** How requests from outside the cluster come in, where the operator is to make that way. */
public record Route(Type type, Optional<Gateway> gateway, Optional<Ingress> ingress) {
  /** Which resource is made. */
  public enum Type {
    @JsonProperty("gateway")
    GATEWAY,
    @JsonProperty("ingress")
    INGRESS
  }

  /** The Gateway that an HTTPRoute joins. */
  public record Gateway(String name, Optional<String> namespace, Optional<String> sectionName) {}

  /** What an Ingress is made with. */
  public record Ingress(Optional<String> className, Optional<String> tlsSecretName) {}
}
