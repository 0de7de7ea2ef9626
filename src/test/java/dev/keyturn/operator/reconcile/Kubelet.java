package dev.keyturn.operator.reconcile;

import static dev.keyturn.operator.reconcile.GivenCluster.accepted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Jar;
import dev.keyturn.given.KubeApi;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What a kubelet and the controllers do for one pod of a Deployment: the pod, its mounts, which are
 * exchanged as Secrets change, and its container, which is the jar.
 *
 * <p>Only addresses and folders are others than in the cluster, since several run on one machine.
 * Each has an address of its own, so that it is asked on the port that all have.
 */
final class Kubelet implements AutoCloseable {
  private static final String PODS = "/api/v1/namespaces/%s/pods";

  private final KubeApi admin;
  private final String namespace;
  private final String name;
  private final Path root;
  private final String deployment;
  private final JsonNode template;
  private final int port = FreePorts.next();
  private final String address = loopback();
  private final Map<String, Mount> mounts = new HashMap<>();
  private final Map<String, String> versions = new HashMap<>();
  private final ScheduledExecutorService syncing = Executors.newSingleThreadScheduledExecutor();
  private final Running container;

  private Kubelet(KubeApi admin, String namespace, JsonNode deployment, String name, Path root) {
    this.admin = admin;
    this.namespace = namespace;
    this.name = name;
    this.root = root;
    this.deployment = deployment.at("/metadata/name").asText();
    this.template = deployment.at("/spec/template");
    create();
    sync();
    var unused = syncing.scheduleWithFixedDelay(this::sync, 200, 200, TimeUnit.MILLISECONDS);
    this.container =
        Jar.start(root, "serve", "--config", root + "/etc/keyturn/config/keyturn.yaml");
    container.line(line -> line.contains("started"));
    ready();
  }

  /** Runs a pod of {@code deployment} until it is ready. */
  static Kubelet run(GivenCluster cluster, JsonNode deployment, String name, Path root) {
    return run(cluster.admin(), cluster.namespace(), deployment, name, root);
  }

  static Kubelet run(KubeApi admin, String namespace, JsonNode deployment, String name, Path root) {
    return new Kubelet(admin, namespace, deployment, name, root);
  }

  boolean isAlive() {
    return container.isAlive();
  }

  URI url(String path) {
    return URI.create("http://" + address + ":" + port + path);
  }

  @Override
  public void close() {
    syncing.shutdownNow();
    container.close();
    admin.delete(PODS.formatted(namespace) + "/" + name);
  }

  private void create() {
    var pod = GivenCluster.named("v1", "Pod", name);
    var metadata = pod.withObject("/metadata");
    metadata.set("labels", template.at("/metadata/labels").deepCopy());
    metadata.withObject("/labels").put("pod-template-hash", "6d9f4c");
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", "ReplicaSet")
        .put("name", deployment + "-6d9f4c")
        .put("uid", UUID.randomUUID().toString())
        .put("controller", true);
    pod.set("spec", template.path("spec"));
    accepted(admin.post(PODS.formatted(namespace), pod));
  }

  private void ready() {
    var path = PODS.formatted(namespace) + "/" + name;
    var pod = (ObjectNode) admin.get(path).body();
    var status = pod.putObject("status");
    status.put("phase", "Running").put("podIP", address);
    status.putArray("podIPs").addObject().put("ip", address);
    status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
    accepted(admin.put(path + "/status", pod));
  }

  /** As secret-mount does: a change of an object is one exchange of its folder. */
  private void sync() {
    try {
      var volumes = template.at("/spec/volumes");
      for (var mount : template.at("/spec/containers/0/volumeMounts")) {
        for (var volume : volumes) {
          if (volume.path("name").equals(mount.path("name"))) {
            sync(volume, mount.path("mountPath").asText());
          }
        }
      }
    } catch (IllegalStateException e) {
      // The API server is away: what is mounted stays.
    }
  }

  private void sync(JsonNode volume, String path) {
    var secret = volume.at("/secret/secretName").asText();
    var map = volume.at("/configMap/name").asText();
    if (secret.isEmpty() && map.isEmpty()) {
      return;
    }
    var object =
        admin
            .get(
                "/api/v1/namespaces/"
                    + namespace
                    + (secret.isEmpty() ? "/configmaps/" + map : "/secrets/" + secret))
            .body();
    var version = object.at("/metadata/resourceVersion").asText();
    if (!version.isEmpty() && !version.equals(versions.put(path, version))) {
      mounts
          .computeIfAbsent(path, where -> new Mount(Path.of(root + where)))
          .swap(secret.isEmpty() ? texts(object) : entries(object));
    }
  }

  private static Map<String, byte[]> entries(JsonNode secret) {
    var entries = new TreeMap<String, byte[]>();
    secret
        .path("data")
        .properties()
        .forEach(
            entry -> {
              try {
                entries.put(entry.getKey(), entry.getValue().binaryValue());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return entries;
  }

  private Map<String, byte[]> texts(JsonNode map) {
    var texts = new TreeMap<String, byte[]>();
    map.path("data")
        .properties()
        .forEach(entry -> texts.put(entry.getKey(), Mount.bytes(here(entry.getValue().asText()))));
    return texts;
  }

  /** The same configuration on this machine. */
  private String here(String document) {
    return document
        .replace("/etc/keyturn/", root + "/etc/keyturn/")
        .replace("\"0.0.0.0\"", "\"" + address + "\"")
        .replace("  port: 8080", "  port: " + port);
  }

  private static String loopback() {
    var random = ThreadLocalRandom.current();
    return "127.%d.%d.%d"
        .formatted(random.nextInt(1, 255), random.nextInt(256), random.nextInt(1, 255));
  }
}
