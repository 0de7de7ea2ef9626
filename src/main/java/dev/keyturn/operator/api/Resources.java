package dev.keyturn.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonInclude.Value;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.Map;

/**
 * Binds the resources to their records and back.
 *
 * <p>A list or mapping that is left out is empty. A field that no record knows is refused, for a
 * security option must not vanish.
 */
public final class Resources {
  /** As {@code apiVersion} spells it. */
  public static final String API_VERSION = "keyturn.dev/v1beta1";

  private static final JsonSetter.Value EMPTY = JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);

  private final ObjectMapper mapper =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(LogicalType.Textual, Resources::refuseOtherScalars)
          .defaultPropertyInclusion(Value.construct(Include.NON_EMPTY, Include.NON_NULL))
          .withConfigOverride(List.class, list -> list.setSetterInfo(EMPTY))
          .withConfigOverride(Map.class, map -> map.setSetterInfo(EMPTY))
          .withConfigOverride(
              boolean.class,
              flag -> flag.setInclude(Value.construct(Include.NON_DEFAULT, Include.ALWAYS)))
          .build();

  /**
   * Reads a resource, or a part of one.
   *
   * @throws IllegalArgumentException if a field is unknown, missing or of another kind
   */
  public <T> T read(JsonNode tree, Class<T> type) {
    try {
      return mapper.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** A client id of digits must be written as text, or its zeros in front get lost. */
  private static void refuseOtherScalars(MutableCoercionConfig text) {
    text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  /** Writes a resource as it is sent; what is left out is not there. */
  public JsonNode write(Object resource) {
    return mapper.valueToTree(resource);
  }
}
