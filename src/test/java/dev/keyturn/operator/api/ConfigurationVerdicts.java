package dev.keyturn.operator.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.config.Finding;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;
import dev.keyturn.operator.render.Deployed;
import dev.keyturn.operator.render.Pod;
import dev.keyturn.operator.render.Rendering;
import dev.keyturn.operator.render.Scene;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.server.Ephemeral;
import dev.keyturn.server.RunConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the reader of run configurations says of a resource, rendered beside a good one of the other
 * kind, with good secrets.
 */
final class ConfigurationVerdicts {
  private static final Pod POD = new Pod("keyturn", new ResourceNeeds(Map.of(), Map.of()));

  /** What is not built yet, and what only the content of a Secret shows. */
  private static final String LATER = ".*(not supported yet|is supported so far).*";

  private final Resources resources = new Resources();
  private final SecureRandom random = new SecureRandom();

  /** Whether a configuration is made of it. */
  boolean knows(JsonNode manifest) {
    return manifest.path("kind").asText().equals(McpServer.KIND)
        || manifest.at("/spec/type").asText().equals("embeddedAuthServer");
  }

  /** What is said against it; what no record takes is wrong somewhere below {@code spec}. */
  List<Complaint> complaints(JsonNode manifest) {
    try {
      return rendered(manifest);
    } catch (IllegalArgumentException e) {
      return List.of(Complaint.of("spec", String.valueOf(e.getMessage())));
    }
  }

  private List<Complaint> rendered(JsonNode manifest) {
    var rendered = new Rendering(POD).of(scene(manifest));
    var remarks =
        rendered.remarks().stream()
            .filter(remark -> !remark.isAdmitted())
            .map(remark -> Complaint.of(remark.field(), remark.message()));
    var findings = rendered.deployments().stream().flatMap(this::read);
    return Stream.concat(remarks, findings)
        .filter(complaint -> !complaint.message().matches(LATER))
        .toList();
  }

  private Stream<Complaint> read(Deployed deployed) {
    var reader =
        new RunConfigReader(new GoodSecrets(), Map.of(), new Ephemeral(random), Clock.systemUTC());
    reader.read(deployed.runConfig(), Path.of("/"));
    return reader.findings().errors().stream()
        .map(
            (Finding error) ->
                Complaint.of(deployed.place(error.setting()).field(), error.message()));
  }

  private Scene scene(JsonNode manifest) {
    var isServer = manifest.path("kind").asText().equals(McpServer.KIND);
    var config = config("github", isServer ? BadManifests.good("github") : manifest);
    var server = isServer ? manifest : BadManifests.good("url");
    var place = server.at("/spec/oidcConfig/configMap");
    return new Scene(
        config,
        List.of(resources.read(server, McpServer.class)),
        List.of(config, config("out", BadManifests.good("upstream-inject"))),
        Map.of(place.path("name").asText(), Map.of(place.path("key").asText(), "{}")));
  }

  /** A config under the name by which good servers call it. */
  private ExternalAuthConfig config(String name, JsonNode manifest) {
    var named = manifest.<JsonNode>deepCopy();
    ((ObjectNode) named.get("metadata")).put("name", name);
    return resources.read(named, ExternalAuthConfig.class);
  }

  /** Every file that is asked for is there, and good for what its name says. */
  private static final class GoodSecrets implements SecretFiles {
    @Override
    public byte[] read(Path file) throws IOException {
      var name = file.getFileName().toString();
      if (Set.of("current.pem", "previous.pem").contains(name)) {
        var key = name.startsWith("current") ? "p256-pkcs8.pem" : "p384-pkcs8.pem";
        return Files.readAllBytes(Path.of("src/test/resources/dev/keyturn/keys", key));
      }
      if (name.equals("ca.crt")) {
        return GivenCertificate.good().certificatePem().getBytes(US_ASCII);
      }
      return (name.startsWith("vault") ? "v" : name + "-")
          .repeat(name.startsWith("vault") ? 32 : 48)
          .getBytes(US_ASCII);
    }

    @Override
    public List<Path> list(Path directory) {
      return List.of();
    }
  }
}
