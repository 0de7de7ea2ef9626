package dev.keyturn.operator.convert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.ExternalAuthSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts {@code MCPExternalAuthConfig}, whose fields have the same names here. */
final class ConfigConversion {
  private static final Map<String, String> REASONS =
      Map.of(
          "spec.obo", "the type obo has no counterpart",
          "spec.embeddedAuthServer.allowedAudiences", "audiences come from the servers");

  private ConfigConversion() {}

  /** Empty where there is no counterpart at all. */
  static Optional<ObjectNode> convert(Manifest manifest, List<Loss> losses) {
    var type = manifest.spec().path("type").asText();
    if (type.equals("obo")) {
      losses.add(manifest.loss("spec.type", "obo has no counterpart"));
      return Optional.empty();
    }
    if (!(manifest.spec() instanceof ObjectNode theirs)) {
      losses.add(manifest.loss("spec", "is missing"));
      return Optional.empty();
    }
    var spec = theirs.deepCopy();
    new Pruning(manifest, REASONS, losses).prune(spec, ExternalAuthSpec.class, "spec");
    if (spec.path("embeddedAuthServer") instanceof ObjectNode embedded && !embedded.has("cimd")) {
      // There it is off where nothing is said, and here on.
      embedded.putObject("cimd").put("enabled", false);
    }
    var ours = JsonNodeFactory.instance.objectNode();
    Conversion.head(ours, manifest, ExternalAuthConfig.KIND);
    ours.set("spec", spec);
    return Optional.of(ours);
  }
}
