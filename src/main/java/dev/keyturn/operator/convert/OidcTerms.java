package dev.keyturn.operator.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a server says of its tokens: by reference to an {@code MCPOIDCConfig}, or, in the older
 * version, at the server itself.
 */
final class OidcTerms {
  private static final String REFERENCE = "oidcConfigRef";
  private static final Set<String> OF_REFERENCE =
      Set.of("name", "audience", "scopes", "resourceUrl");
  private static final Set<String> OF_INLINE = Set.of("issuer", "audience", "scopes");

  private final Manifest manifest;
  private final JsonNode named;
  private final JsonNode own;
  private final String field;

  OidcTerms(Manifest manifest, List<Loss> losses) {
    this.manifest = manifest;
    this.named = manifest.spec().path(REFERENCE);
    this.own = manifest.spec().path("oidcConfig");
    this.field = named.isObject() ? REFERENCE : "oidcConfig";
    nameOthers(named, OF_REFERENCE, "spec." + REFERENCE, losses);
    nameOthers(own.path("inline"), OF_INLINE, "spec.oidcConfig.inline", losses);
    own.properties().stream()
        .map(Map.Entry::getKey)
        .filter(key -> !Set.of("type", "resourceUrl", "inline").contains(key))
        .forEach(key -> losses.add(manifest.loss("spec.oidcConfig." + key, reason(key))));
  }

  /** Where the URL of the server would stand. */
  String field() {
    return "spec." + field + ".resourceUrl";
  }

  /** The URL by which clients reach the server, without the slash at its end. */
  Optional<String> resourceUrl() {
    return text(named, "resourceUrl")
        .or(() -> text(own, "resourceUrl"))
        .map(url -> url.replaceAll("/+$", ""));
  }

  void write(ObjectNode spec) {
    var url = resourceUrl().orElseThrow();
    spec.put("resourceUrl", url);
    var audience =
        text(named, "audience")
            .or(() -> text(own.path("inline"), "audience"))
            .filter(name -> !name.equals(url) && !name.equals(url + "/"));
    var scopes = named.has("scopes") ? named.get("scopes") : own.path("inline").path("scopes");
    if (audience.isPresent() || !scopes.isEmpty()) {
      var source = spec.putObject("oidcConfig").put("type", "inline").putObject("inline");
      audience.ifPresent(name -> source.put("audience", name));
      if (!scopes.isEmpty()) {
        source.set("scopes", scopes);
      }
    }
  }

  private static String reason(String key) {
    return switch (key) {
      case "kubernetes" -> "tokens of service accounts are not accepted";
      case "configMap" -> "another content is read here: write audience and scopes inline";
      default -> Pruning.NO_COUNTERPART;
    };
  }

  private void nameOthers(JsonNode part, Set<String> known, String path, List<Loss> losses) {
    part.properties().stream()
        .map(Map.Entry::getKey)
        .filter(key -> !known.contains(key))
        .forEach(
            key ->
                losses.add(
                    manifest.loss(
                        path + "." + key, "the gateway judges its own tokens and asks nobody")));
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.of(node.path(field).asText()).filter(text -> !text.isEmpty());
  }
}
