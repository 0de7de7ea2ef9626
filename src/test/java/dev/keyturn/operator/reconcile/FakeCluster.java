package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.objects.Made;
import dev.keyturn.operator.objects.Owner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A namespace in memory: what is there, what was made, and what was told. */
final class FakeCluster implements Stock, Hands {
  final Map<String, ExternalAuthConfig> configs = new LinkedHashMap<>();
  final Map<String, McpServer> servers = new LinkedHashMap<>();
  final Map<String, Map<String, byte[]>> secrets = new HashMap<>();
  final Map<String, Map<String, String>> configMaps = new HashMap<>();
  final Map<Key, ObjectNode> made = new LinkedHashMap<>();
  final Map<Key, ObjectNode> statuses = new LinkedHashMap<>();
  final List<Notice> notices = new ArrayList<>();
  final Set<Key> held = new HashSet<>();
  final Set<Key> released = new HashSet<>();
  final List<PodSeen> pods = new ArrayList<>();
  final Map<String, Loaded> loaded = new HashMap<>();
  final Map<String, Rollout> rollouts = new HashMap<>();
  final Map<Kind, Integer> refused = new HashMap<>();
  final List<Unread> unread = new ArrayList<>();
  boolean ending;
  int secretsGot;

  /** The names of what was made of a kind. */
  List<String> made(Kind kind) {
    return made.keySet().stream().filter(key -> key.kind() == kind).map(Key::name).toList();
  }

  ObjectNode status(Kind kind, String name) {
    return statuses.get(new Key(kind, "default", name));
  }

  /** The status of a condition, with its reason. */
  String condition(Kind kind, String name, String type) {
    return GivenCluster.condition(
        GivenCluster.NODES.objectNode().set("status", status(kind, name)), type);
  }

  @Override
  public Optional<ExternalAuthConfig> config(String namespace, String name) {
    return Optional.ofNullable(configs.get(name));
  }

  @Override
  public List<ExternalAuthConfig> configs(String namespace) {
    return List.copyOf(configs.values());
  }

  @Override
  public Optional<McpServer> server(String namespace, String name) {
    return Optional.ofNullable(servers.get(name));
  }

  @Override
  public List<McpServer> servers(String namespace) {
    return List.copyOf(servers.values());
  }

  @Override
  public List<Unread> unread(String namespace) {
    return List.copyOf(unread);
  }

  @Override
  public Optional<Rollout> rollout(String namespace, String deployment) {
    return Optional.ofNullable(rollouts.get(deployment));
  }

  @Override
  public List<PodSeen> pods(String namespace, String deployment) {
    return pods.stream().filter(pod -> pod.deployment().equals(deployment)).toList();
  }

  @Override
  public Optional<Loaded> loaded(PodSeen pod) {
    return Optional.ofNullable(loaded.get(pod.name()));
  }

  @Override
  public Set<Key> owned(Owner owner) {
    var owned = new HashSet<Key>();
    made.forEach(
        (key, tree) -> {
          if (tree.at("/metadata/ownerReferences/0/uid").asText().equals(owner.uid())) {
            owned.add(key);
          }
        });
    return owned;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    secretsGot++;
    return Optional.ofNullable(secrets.get(name));
  }

  @Override
  public Optional<Map<String, String>> configMap(String namespace, String name) {
    return Optional.ofNullable(configMaps.get(name));
  }

  @Override
  public boolean isEnding(String namespace) {
    return ending;
  }

  @Override
  public void apply(Made object) {
    var key = new Key(Kind.of(object.kind()), object.namespace(), object.name());
    if (refused.containsKey(key.kind())) {
      throw new ApiException(refused.get(key.kind()), "the API server does not take " + key);
    }
    made.put(key, object.tree());
  }

  @Override
  public void delete(Key object) {
    made.remove(object);
  }

  @Override
  public void status(Key resource, ObjectNode status) {
    statuses.put(resource, status);
    var resources = new Resources();
    if (unread.stream().anyMatch(one -> one.key().equals(resource))) {
      return;
    }
    if (resource.kind() == Kind.CONFIG) {
      var tree = (ObjectNode) resources.write(configs.get(resource.name()));
      tree.set("status", status);
      configs.put(resource.name(), resources.read(tree, ExternalAuthConfig.class));
    } else {
      var tree = (ObjectNode) resources.write(servers.get(resource.name()));
      tree.set("status", status);
      servers.put(resource.name(), resources.read(tree, McpServer.class));
    }
  }

  @Override
  public void hold(Key resource) {
    held.add(resource);
  }

  @Override
  public void release(Key resource, String resourceVersion) {
    released.add(resource);
  }

  @Override
  public void tell(Key resource, String uid, Notice notice) {
    notices.add(notice);
  }
}
