package dev.keyturn.operator.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.rules.Rules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts all manifests that are given together, so that one may name another. */
public final class Conversion {
  private static final List<String> KEPT = List.of("name", "namespace", "labels");

  private final List<Loss> losses = new ArrayList<>();
  private final Map<Manifest, ObjectNode> converted = new LinkedHashMap<>();
  private final List<Manifest> manifests = new ArrayList<>();
  private final Rules rules;

  /**
   * @param rules by which what is converted would be admitted
   */
  public Conversion(Rules rules) {
    this.rules = rules;
  }

  /**
   * Adds the objects of a file.
   *
   * @throws IllegalArgumentException if the text cannot be read
   */
  public Conversion add(String file, String text) {
    manifests.addAll(Manifest.read(file, text));
    return this;
  }

  /** Converts what was added. */
  public Converted convert() {
    manifests.forEach(
        manifest -> counterpart(manifest).ifPresent(ours -> converted.put(manifest, ours)));
    var ties = new Ties(manifests);
    drop(ties.closed(converted.keySet()));
    losses.addAll(ties.expectations());
    drop(new Validity(rules).refused(converted));
    return new Converted(List.copyOf(converted.values()), losses);
  }

  private void drop(Map<Manifest, Loss> refused) {
    converted.keySet().removeAll(refused.keySet());
    losses.addAll(refused.values());
  }

  private Optional<ObjectNode> counterpart(Manifest manifest) {
    if (!manifest.isToolHives()) {
      losses.add(manifest.loss("", "is no resource of ToolHive: apply it as it is"));
      return Optional.empty();
    }
    return switch (manifest.kind()) {
      case "MCPExternalAuthConfig" -> ConfigConversion.convert(manifest, losses);
      case "MCPServer", "MCPRemoteProxy" -> ServerConversion.convert(manifest, losses);
      case "MCPOIDCConfig" -> Optional.empty();
      default -> {
        losses.add(manifest.loss("", Pruning.NO_COUNTERPART));
        yield Optional.empty();
      }
    };
  }

  /** What every resource begins with. */
  static void head(ObjectNode ours, Manifest manifest, String kind) {
    ours.put("apiVersion", Resources.API_VERSION).put("kind", kind);
    var metadata = ours.putObject("metadata");
    for (var field : KEPT) {
      var value = manifest.tree().path("metadata").path(field);
      if (!value.isMissingNode()) {
        metadata.set(field, value);
      }
    }
  }
}
