package dev.keyturn.operator.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.AuthServerRef;
import dev.keyturn.operator.api.McpServerSpec.ExternalAuthConfigRef;
import dev.keyturn.operator.api.Storage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Renders a config of type {@code embeddedAuthServer} and the servers that use it.
 *
 * <p>With an issuer of its own the config runs once, with one backend for each server. Without one,
 * each server is an issuer for itself. A server of which anything cannot be told is left out, so
 * that it is closed and the others go on.
 */
public final class Rendering {
  private final Pod pod;
  private final YAMLMapper yaml =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  public Rendering(Pod pod) {
    this.pod = pod;
  }

  /** The deployments of the config, and what had to be left out of them. */
  public Rendered of(Scene scene) {
    var remarks = new ArrayList<Remark>();
    var deployments = new ArrayList<Deployed>();
    scene
        .config()
        .spec()
        .embeddedAuthServer()
        .ifPresent(
            embedded ->
                byIssuer(embedded, served(scene, remarks))
                    .forEach(servers -> deployments.add(deployed(scene, servers, remarks))));
    return new Rendered(deployments, List.copyOf(new LinkedHashSet<>(remarks)));
  }

  private static Collection<List<Served>> byIssuer(
      EmbeddedAuthServer embedded, List<Served> servers) {
    return servers.stream()
        .collect(
            Collectors.groupingBy(
                served -> embedded.issuer().orElseGet(served::ownIssuer),
                LinkedHashMap::new,
                Collectors.toList()))
        .values();
  }

  private static List<Served> served(Scene scene, List<Remark> remarks) {
    var served = new ArrayList<Served>();
    for (var server : scene.servers()) {
      if (names(server, scene)) {
        var binding = Binding.of(server, scene::config);
        var terms = Terms.of(server, scene.configMaps());
        remarks.addAll(binding.remarks());
        remarks.addAll(terms.remarks());
        binding
            .incoming()
            .flatMap(config -> terms.stated())
            .map(stated -> new Served(server, stated, terms.place(), binding.outgoing()))
            .ifPresent(served::add);
      }
    }
    return served;
  }

  /** Whether the config is the one that says who may come in to the server. */
  private static boolean names(McpServer server, Scene scene) {
    var incoming = server.spec().authServerRef().map(AuthServerRef::name);
    var outgoing = server.spec().externalAuthConfigRef().map(ExternalAuthConfigRef::name);
    return incoming.or(() -> outgoing).filter(scene.config().metadata().name()::equals).isPresent();
  }

  private Deployed deployed(Scene scene, List<Served> servers, List<Remark> remarks) {
    var config = scene.config();
    var embedded = config.spec().embeddedAuthServer().orElseThrow();
    var issuer = embedded.issuer().orElse(servers.get(0).ownIssuer());
    var name = Names.deployment(config.metadata().name(), issuer);
    var written = new RunConfigWriting(config, embedded, issuer).write(servers);
    var mounts = mounts(written.mounts(), name, embedded.storage());
    remarks.addAll(written.remarks());
    return new Deployed(
        name,
        issuer,
        servers.stream().map(Served::name).toList(),
        text(written.document()),
        written.origins(),
        mounts,
        replicas(servers),
        new RestartHash(pod, issuer, embedded.storage(), mounts).value(),
        List.copyOf(written.redirectUris()),
        urls(issuer, servers));
  }

  private static List<Mount> mounts(Set<Mount> named, String name, Optional<Storage> storage) {
    var mounts = new ArrayList<>(named);
    mounts.add(new Mount(Mount.Kind.RUN_CONFIG, name, Mount.CONFIG));
    if (storage.filter(kept -> kept.type() == Storage.Type.FILE).isPresent()) {
      mounts.add(new Mount(Mount.Kind.DATA, name, Mount.DATA));
    }
    mounts.sort(Comparator.comparing(Mount::path));
    return mounts;
  }

  private static Optional<Integer> replicas(List<Served> servers) {
    return servers.stream()
        .flatMap(served -> served.server().spec().replicas().stream())
        .max(Comparator.naturalOrder());
  }

  private static List<String> urls(String issuer, List<Served> servers) {
    var urls = new LinkedHashSet<String>();
    urls.add(issuer);
    servers.forEach(served -> urls.add(served.resource()));
    return List.copyOf(urls);
  }

  private String text(JsonNode document) {
    try {
      return yaml.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always written", e);
    }
  }
}
