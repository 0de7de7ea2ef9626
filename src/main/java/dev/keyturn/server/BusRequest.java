package dev.keyturn.server;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What other verticles ask a server on the event bus.
 *
 * <p>Each can be written as JSON and read again, so that an embedder may carry it further than this
 * process. None prints a token.
 */
public sealed interface BusRequest {
  /** The request as one JSON object. */
  JsonObject toJson();

  /** What does this access token say, and is it good? */
  record Verify(String token) implements BusRequest {
    @Override
    public JsonObject toJson() {
      return new JsonObject().put("token", token);
    }

    public static Verify fromJson(JsonObject json) {
      return new Verify(required(json, "token"));
    }

    @Override
    public String toString() {
      return "Verify[hidden]";
    }
  }

  /**
   * Make this token worthless.
   *
   * @param hint {@code access_token} or {@code refresh_token}; what a token is shows in its form,
   *     so a wrong hint does no harm
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2.1">RFC 7009, section 2.1</a>
   */
  record Revoke(String token, Optional<String> hint) implements BusRequest {
    @Override
    public JsonObject toJson() {
      var json = new JsonObject().put("token", token);
      hint.ifPresent(value -> json.put("token_type_hint", value));
      return json;
    }

    public static Revoke fromJson(JsonObject json) {
      return new Revoke(
          required(json, "token"), Optional.ofNullable(json.getString("token_type_hint")));
    }

    @Override
    public String toString() {
      return "Revoke[hidden]";
    }
  }

  /**
   * Which access token of the provider belongs to the session of this access token of ours?
   *
   * @param upstream the provider's name in the configuration
   */
  record UpstreamToken(String token, String upstream) implements BusRequest {
    @Override
    public JsonObject toJson() {
      return new JsonObject().put("token", token).put("upstream", upstream);
    }

    public static UpstreamToken fromJson(JsonObject json) {
      return new UpstreamToken(required(json, "token"), required(json, "upstream"));
    }

    @Override
    public String toString() {
      return "UpstreamToken[" + upstream + "]";
    }
  }

  /** Which keys are published now? */
  record Jwks() implements BusRequest {
    @Override
    public JsonObject toJson() {
      return new JsonObject();
    }
  }

  /** How is the server now? */
  record Status() implements BusRequest {
    @Override
    public JsonObject toJson() {
      return new JsonObject();
    }

    /** There is nothing to read. */
    public static Status fromJson(JsonObject ignored) {
      return new Status();
    }
  }

  private static String required(JsonObject json, String name) {
    if (json.getValue(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(name + " is missing, or no text");
  }
}
