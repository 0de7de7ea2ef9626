package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.config.Settings;
import java.util.Optional;

/**
 * Where in a token answer the tokens are.
 *
 * @param mapped whether the operator said so; such an answer has no {@code token_type} to judge
 */
record TokenFields(
    JsonPath accessToken,
    JsonPath refreshToken,
    JsonPath expiresIn,
    JsonPath scope,
    boolean mapped) {
  /** The places of RFC 6749. */
  static final TokenFields STANDARD =
      new TokenFields(
          at("access_token"), at("refresh_token"), at("expires_in"), at("scope"), false);

  /** The same places as {@link #STANDARD}, where the operator said that there are others. */
  private static final TokenFields PLAIN =
      new TokenFields(
          STANDARD.accessToken, STANDARD.refreshToken, STANDARD.expiresIn, STANDARD.scope, true);

  /**
   * Where they are in the answer to a refresh: Slack answers a login with the person's tokens
   * inside of an object, and a refresh with the tokens themselves.
   */
  TokenFields atRefresh(ObjectNode body) {
    return mapped && accessToken.in(body).isMissingNode() ? PLAIN : this;
  }

  /** Reads {@code token_response_mapping}. */
  static Optional<TokenFields> from(Settings settings) {
    settings.required("access_token_path");
    var access = path(settings, "access_token_path", STANDARD.accessToken);
    var refresh = path(settings, "refresh_token_path", STANDARD.refreshToken);
    var expires = path(settings, "expires_in_path", STANDARD.expiresIn);
    var scope = path(settings, "scope_path", STANDARD.scope);
    return settings.build(() -> new TokenFields(access, refresh, expires, scope, true));
  }

  /** The path that a field spells, or {@code otherwise}. */
  static JsonPath path(Settings settings, String field, JsonPath otherwise) {
    return optional(settings, field).orElse(otherwise);
  }

  /** The path that a field spells, if it is there. */
  static Optional<JsonPath> optional(Settings settings, String field) {
    var text = settings.text(field);
    var path = text.flatMap(JsonPath::parse);
    if (text.isPresent() && path.isEmpty()) {
      settings.refuse(
          field, "must be names and numbers between dots; of modifiers only @upstreamjwt exists");
    }
    return path;
  }

  private static JsonPath at(String field) {
    return JsonPath.parse(field).orElseThrow();
  }
}
