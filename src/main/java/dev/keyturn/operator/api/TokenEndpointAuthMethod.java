package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a client proves who it is at a token endpoint. */
public enum TokenEndpointAuthMethod {
  @JsonProperty("none")
  NONE,
  @JsonProperty("client_secret_basic")
  CLIENT_SECRET_BASIC,
  @JsonProperty("client_secret_post")
  CLIENT_SECRET_POST,
  @JsonProperty("private_key_jwt")
  PRIVATE_KEY_JWT
}
