package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.Storage;
import dev.keyturn.operator.render.Deployed;
import dev.keyturn.operator.render.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Keyturn of one config at one issuer: its Deployment, and what that needs.
 *
 * <p>The pod template holds what a pod must be replaced for and nothing else, so that no change of
 * a Secret, of a server or of the operator replaces one.
 */
public final class KeyturnObjects {
  /** In the pod template: changes exactly when pods must be replaced. */
  public static final String RESTART_HASH = "keyturn.dev/restart-hash";

  private static final String REVISION = "revision: \"%s\"%n".replace("%n", "\n");
  private static final int GROUP_READS = 288; // 0440
  private static final int HTTP = 80;

  private final Settings settings;

  public KeyturnObjects(Settings settings) {
    this.settings = settings;
  }

  /** Everything for {@code deployed}, the Deployment last, when what it needs is there. */
  public List<Made> of(ExternalAuthConfig config, Deployed deployed) {
    var sheet = new Sheet(Owner.of(config), labels(deployed.name()));
    var storage = config.spec().embeddedAuthServer().flatMap(one -> one.storage());
    var objects = new ArrayList<ObjectNode>();
    objects.add(account(sheet, deployed));
    objects.add(configMap(sheet, deployed));
    objects.add(service(sheet, deployed));
    objects.add(new Policies(settings).keyturn(sheet, deployed.name()));
    storage
        .filter(kept -> kept.type() == Storage.Type.FILE)
        .ifPresent(kept -> objects.add(Volume.of(sheet, deployed.name(), kept)));
    if (shares(config) && deployed.replicas().filter(replicas -> replicas > 1).isPresent()) {
      objects.add(budget(sheet, deployed));
    }
    objects.add(deployment(sheet, deployed, shares(config)));
    return objects.stream().map(Made::of).toList();
  }

  /** By which the pods of a Keyturn are found. */
  public static Map<String, String> labels(String deployment) {
    return new TreeMap<>(Map.of(Sheet.NAME, "keyturn", Sheet.INSTANCE, deployment));
  }

  /** The same as one text. */
  public static String selector(String deployment) {
    return Sheet.text(labels(deployment));
  }

  /** What a pod says of its configuration when it has loaded the one of {@code deployed}. */
  public static String revision(Deployed deployed) {
    return Digest.of(deployed.runConfig());
  }

  private static ObjectNode account(Sheet sheet, Deployed deployed) {
    return sheet
        .object("v1", "ServiceAccount", deployed.name())
        .put("automountServiceAccountToken", false);
  }

  private static ObjectNode configMap(Sheet sheet, Deployed deployed) {
    var map = sheet.object("v1", "ConfigMap", deployed.name());
    map.putObject("data")
        .put(Deployed.KEY, REVISION.formatted(revision(deployed)) + deployed.runConfig());
    return map;
  }

  private static ObjectNode service(Sheet sheet, Deployed deployed) {
    var service = sheet.object("v1", "Service", deployed.name());
    var spec = service.putObject("spec");
    spec.set("selector", sheet.selector());
    spec.putArray("ports")
        .addObject()
        .put("name", "http")
        .put("port", HTTP)
        .put("protocol", "TCP")
        .put("targetPort", "http");
    return service;
  }

  private static ObjectNode budget(Sheet sheet, Deployed deployed) {
    var budget = sheet.object("policy/v1", "PodDisruptionBudget", deployed.name());
    var spec = budget.putObject("spec").put("maxUnavailable", 1);
    spec.putObject("selector").set("matchLabels", sheet.selector());
    return budget;
  }

  /** Whether several pods know the same; otherwise there is one, whatever was asked for. */
  private static boolean shares(ExternalAuthConfig config) {
    return config
        .spec()
        .embeddedAuthServer()
        .filter(
            one ->
                one.storage().filter(kept -> kept.type() == Storage.Type.REDIS).isPresent()
                    && !one.signingKeySecretRefs().isEmpty()
                    && !one.hmacSecretRefs().isEmpty()
                    && !one.vaultKeySecretRefs().isEmpty())
        .isPresent();
  }

  private ObjectNode deployment(Sheet sheet, Deployed deployed, boolean shares) {
    var deployment = sheet.template("keyturn.yaml", deployed.name());
    var spec = deployment.withObject("/spec");
    if (!shares) {
      spec.put("replicas", Math.min(deployed.replicas().orElse(1), 1));
    }
    deployed
        .replicas()
        .filter(wanted -> shares)
        .ifPresent(replicas -> spec.put("replicas", replicas));
    var strategy = spec.putObject("strategy").put("type", shares ? "RollingUpdate" : "Recreate");
    if (shares) {
      // What the API server puts here itself would stay, and forbid the other type.
      strategy.putObject("rollingUpdate").put("maxSurge", 1).put("maxUnavailable", 0);
    }
    var template = deployment.withObject("/spec/template");
    template
        .withObject("/metadata")
        .putObject("annotations")
        .put(RESTART_HASH, deployed.restartHash());
    var pod = template.withObject("/spec");
    pod.put("serviceAccountName", deployed.name());
    spread(sheet, pod.withArrayProperty("topologySpreadConstraints"));
    var container = (ObjectNode) pod.at("/containers/0");
    container.put("image", settings.pod().image());
    container.set("resources", Needs.of(settings.pod().resources()));
    deployed.mounts().forEach(mount -> mount(mount, pod, container));
    scratch(pod, container);
    return deployment;
  }

  /** Apart from each other where that is possible, and never kept waiting for it. */
  private static void spread(Sheet sheet, ArrayNode constraints) {
    for (var key : List.of("topology.kubernetes.io/zone", "kubernetes.io/hostname")) {
      constraints
          .addObject()
          .put("maxSkew", 1)
          .put("topologyKey", key)
          .put("whenUnsatisfiable", "ScheduleAnyway")
          .putObject("labelSelector")
          .set("matchLabels", sheet.selector());
    }
  }

  /** Whole directories: what is mounted by a part of it never changes while a pod runs. */
  private static void mount(Mount mount, ObjectNode pod, ObjectNode container) {
    var volume = "v-" + Digest.of(mount.kind() + " " + mount.name());
    container
        .withArrayProperty("volumeMounts")
        .addObject()
        .put("name", volume)
        .put("mountPath", mount.path())
        .put("readOnly", mount.kind() != Mount.Kind.DATA);
    var source = pod.withArrayProperty("volumes").addObject().put("name", volume);
    switch (mount.kind()) {
      case SECRET ->
          source
              .putObject("secret")
              .put("secretName", mount.name())
              .put("defaultMode", GROUP_READS);
      case CONFIG_MAP, RUN_CONFIG -> source.putObject("configMap").put("name", mount.name());
      case DATA -> source.putObject("persistentVolumeClaim").put("claimName", mount.name());
    }
  }

  /** The native crypto library is unpacked here. */
  private static void scratch(ObjectNode pod, ObjectNode container) {
    container
        .withArrayProperty("volumeMounts")
        .addObject()
        .put("name", "tmp")
        .put("mountPath", "/tmp");
    pod.withArrayProperty("volumes")
        .addObject()
        .put("name", "tmp")
        .putObject("emptyDir")
        .put("medium", "Memory")
        .put("sizeLimit", "64Mi");
  }
}
