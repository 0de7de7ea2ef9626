package dev.keyturn.operator.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.rules.Lookup;
import dev.keyturn.operator.rules.Rules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads back what was converted, and judges it as admission would, without any Secret. */
final class Validity {
  private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,48}[a-z0-9])?");

  private final Rules rules;
  private final Map<Manifest, Loss> refused = new LinkedHashMap<>();
  private final Map<Manifest, ExternalAuthConfig> configs = new LinkedHashMap<>();
  private final Map<Manifest, McpServer> servers = new LinkedHashMap<>();

  Validity(Rules rules) {
    this.rules = rules;
  }

  /** What of {@code converted} would be refused, and why. */
  Map<Manifest, Loss> refused(Map<Manifest, ObjectNode> converted) {
    converted.forEach(this::read);
    configs.forEach((manifest, config) -> judge(manifest, rules.judge(config, around(manifest))));
    servers.forEach((manifest, server) -> judge(manifest, rules.judge(server, around(manifest))));
    return refused;
  }

  private void read(Manifest manifest, ObjectNode tree) {
    if (!NAME.matcher(manifest.name()).matches()) {
      refuse(
          manifest,
          "metadata.name",
          "must be a DNS label of at most 50 characters that begins with a letter");
      return;
    }
    try {
      if (manifest.kind().equals(ExternalAuthConfig.KIND)) {
        configs.put(manifest, new Resources().read(tree, ExternalAuthConfig.class));
      } else {
        servers.put(manifest, new Resources().read(tree, McpServer.class));
      }
    } catch (IllegalArgumentException e) {
      refuse(manifest, "spec", "cannot be read: " + e.getMessage());
    }
  }

  private void judge(Manifest manifest, List<Remark> remarks) {
    remarks.stream()
        .filter(remark -> !remark.isAdmitted())
        .findFirst()
        .ifPresent(
            remark ->
                refuse(
                    manifest,
                    remark.field(),
                    remark.message() + (remark.remedy().isEmpty() ? "" : ": " + remark.remedy())));
  }

  private void refuse(Manifest manifest, String field, String reason) {
    refused.putIfAbsent(manifest, manifest.loss(field, reason));
  }

  private Lookup around(Manifest place) {
    return new Lookup() {
      @Override
      public Optional<Map<String, byte[]>> secret(String namespace, String name) {
        return Optional.empty();
      }

      @Override
      public Optional<Map<String, String>> configMap(String namespace, String name) {
        return Optional.empty();
      }

      @Override
      public List<ExternalAuthConfig> configs(String namespace) {
        return near(place, configs);
      }

      @Override
      public List<McpServer> servers(String namespace) {
        return near(place, servers);
      }
    };
  }

  private static <T> List<T> near(Manifest place, Map<Manifest, T> all) {
    return all.entrySet().stream()
        .filter(entry -> entry.getKey().namespace().equals(place.namespace()))
        .map(Map.Entry::getValue)
        .collect(Collectors.toList());
  }
}
