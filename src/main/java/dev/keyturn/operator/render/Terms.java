package dev.keyturn.operator.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyturn.operator.api.ConfigMapKeyRef;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.OidcSource;
import dev.keyturn.operator.api.McpServerSpec.OidcSource.Inline;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.render.Remark.Weight;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What tokens for a server look like by its {@code oidcConfig}.
 *
 * @param stated empty where it cannot be told
 * @param place where that stands
 */
record Terms(Optional<Inline> stated, Place place, List<Remark> remarks) {
  private static final String FIELD = "spec.oidcConfig";

  Terms {
    remarks = List.copyOf(remarks);
  }

  static Terms of(McpServer server, Map<String, Map<String, String>> configMaps) {
    var nothing = new Inline(Optional.empty(), List.of());
    var source = server.spec().oidcConfig();
    var reference = source.flatMap(OidcSource::configMap);
    return reference.isPresent()
        ? in(reference.get(), Place.of(server, FIELD + ".configMap"), configMaps)
        : new Terms(
            Optional.of(source.flatMap(OidcSource::inline).orElse(nothing)),
            Place.of(server, FIELD + ".inline"),
            List.of());
  }

  private static Terms in(
      ConfigMapKeyRef reference, Place place, Map<String, Map<String, String>> configMaps) {
    var text =
        Optional.ofNullable(configMaps.get(reference.name()))
            .flatMap(content -> Optional.ofNullable(content.get(reference.key())));
    if (text.isEmpty()) {
      return unknown(
          place.remark(
              Weight.PENDING,
              "names key %s of ConfigMap %s, which is not there"
                  .formatted(reference.key(), reference.name()),
              "the server waits until it is"));
    }
    return read(text.get())
        .map(inline -> new Terms(Optional.of(inline), place, List.of()))
        .orElseGet(
            () ->
                unknown(
                    place.remark(
                        Weight.REFUSED,
                        "names key %s of ConfigMap %s, which cannot be read"
                            .formatted(reference.key(), reference.name()),
                        "write audience, a text, and scopes, a list of texts, there")));
  }

  private static Optional<Inline> read(String text) {
    try {
      ObjectMapper yaml = new YAMLMapper();
      var tree = yaml.readTree(text);
      return tree.isObject()
          ? Optional.of(new Resources().read(tree, Inline.class))
          : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Terms unknown(Remark remark) {
    return new Terms(Optional.empty(), new Place(remark.object(), remark.field()), List.of(remark));
  }
}
