package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.objects.Digest;
import dev.keyturn.operator.objects.Made;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes by server-side apply, under one name for all that is ours, and with strict fields.
 *
 * <p>What is there as it was applied is not applied again; so a look that changes nothing costs the
 * API server nothing. What is there and is somebody else's stays theirs.
 */
final class KubeHands implements Hands {
  private static final Logger LOG = LoggerFactory.getLogger(KubeHands.class);
  private static final String MERGE = "application/merge-patch+json";
  private static final String APPLY = "application/apply-patch+yaml";
  private static final String OURS =
      "?fieldManager=" + Made.MANAGER + "&force=true&fieldValidation=Strict";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Connection connection;
  private final Strangers strangers;
  private final Function<Key, Optional<String>> version;
  private final String identity;
  private final Clock clock;
  private final Consumer<Key> overtaken;
  private final Map<Key, Applied> applied = new ConcurrentHashMap<>();
  private final Set<Key> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param version which state of an object was last seen
   * @param overtaken hears of an object that somebody else has changed while it was applied
   */
  KubeHands(
      Connection connection,
      Function<Key, Optional<String>> version,
      Consumer<Key> overtaken,
      String identity,
      Clock clock) {
    this.connection = connection;
    this.strangers = new Strangers(connection);
    this.version = version;
    this.overtaken = overtaken;
    this.identity = identity;
    this.clock = clock;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return connection
        .get(Kind.SECRET.path(namespace, name), "get Secret " + name)
        .map(KubeHands::entries);
  }

  @Override
  public Optional<Map<String, String>> configMap(String namespace, String name) {
    return connection
        .get(Kind.CONFIG_MAP.path(namespace, name), "get ConfigMap " + name)
        .map(KubeHands::texts);
  }

  @Override
  public boolean isEnding(String namespace) {
    return connection
        .get("/api/v1/namespaces/" + namespace, "get namespace " + namespace)
        .map(found -> found.at("/metadata").has("deletionTimestamp"))
        .orElse(true);
  }

  @Override
  public void apply(Made object) {
    var kind = Kind.of(object.kind());
    var key = new Key(kind, object.namespace(), object.name());
    var text = object.tree().toString();
    var digest = Digest.of(text);
    var last = applied.get(key);
    if (last != null
        && last.digest.equals(digest)
        && version.apply(key).filter(last.version::equals).isPresent()) {
      return;
    }
    apply(key, text, digest);
  }

  /** A watch may hear of it before we do, and must not have it looked at for that. */
  private void apply(Key key, String text, String digest) {
    var before = version.apply(key);
    if (before.isEmpty()) {
      strangers.spare(key);
    }
    underWay.add(key);
    try {
      var path = key.kind().path(key.namespace(), key.name()) + OURS;
      var there = connection.send("PATCH", path, APPLY, text, "apply " + key);
      var now = Version.of(key.kind(), there);
      applied.put(key, new Applied(digest, now));
      version
          .apply(key)
          .filter(seen -> !seen.equals(now) && !before.equals(Optional.of(seen)))
          .ifPresent(seen -> overtaken.accept(key));
    } finally {
      underWay.remove(key);
    }
  }

  /** Whether that state of an object is the one that was applied here, or is being. */
  boolean isOurs(Key object, String seen) {
    var last = applied.get(object);
    return underWay.contains(object) || (last != null && last.version.equals(seen));
  }

  @Override
  public void delete(Key object) {
    applied.remove(object);
    connection.delete(object.kind().path(object.namespace(), object.name()), "delete " + object);
  }

  @Override
  public void status(Key resource, ObjectNode status) {
    var object = named(resource);
    object.set("status", status);
    connection.send(
        "PATCH",
        resource.kind().path(resource.namespace(), resource.name()) + "/status" + OURS,
        APPLY,
        object.toString(),
        "write the status of " + resource);
  }

  @Override
  public void hold(Key resource) {
    var object = named(resource);
    object.withObject("/metadata").putArray("finalizers").add(Farewell.FINALIZER);
    connection.send(
        "PATCH",
        resource.kind().path(resource.namespace(), resource.name())
            + "?fieldManager="
            + Made.MANAGER
            + "-finalizer&force=true&fieldValidation=Strict",
        APPLY,
        object.toString(),
        "write the finalizer of " + resource);
  }

  /** By the version that was looked at: somebody may have named it in between. */
  @Override
  public void release(Key resource, String resourceVersion) {
    var path = resource.kind().path(resource.namespace(), resource.name());
    var there = connection.get(path, "get " + resource);
    if (there.isEmpty()) {
      return;
    }
    var patch = NODES.objectNode();
    var metadata = patch.putObject("metadata").put("resourceVersion", resourceVersion);
    var left = metadata.putArray("finalizers");
    for (var one : there.get().at("/metadata/finalizers")) {
      if (!one.asText().equals(Farewell.FINALIZER)) {
        left.add(one);
      }
    }
    connection.send(
        "PATCH", path + "?fieldValidation=Strict", MERGE, patch.toString(), "release " + resource);
  }

  /** The status says the same: without the right to tell, everything else is still done. */
  @Override
  public void tell(Key resource, String uid, Notice notice) {
    try {
      send(event(resource, uid, notice), resource.namespace());
    } catch (ApiException e) {
      LOG.atWarn()
          .setMessage("an event is lost")
          .addKeyValue("resource", resource)
          .addKeyValue("reason", notice.reason())
          .addKeyValue("because", e.getMessage())
          .log();
    }
  }

  private void send(ObjectNode event, String namespace) {
    connection.send(
        "POST",
        Kind.EVENT.path(namespace) + "?fieldValidation=Strict",
        "application/json",
        event.toString(),
        "create an event");
  }

  private ObjectNode event(Key resource, String uid, Notice notice) {
    var event = NODES.objectNode().put("apiVersion", Kind.EVENT.apiVersion()).put("kind", "Event");
    event
        .putObject("metadata")
        .put("generateName", "keyturn-")
        .put("namespace", resource.namespace());
    event
        .put("eventTime", MICROS.format(clock.instant()))
        .put("reportingController", "keyturn.dev/operator")
        .put("reportingInstance", identity)
        .put("action", "Reconcile")
        .put("reason", notice.reason())
        .put("note", cut(notice.message()))
        .put("type", notice.good() ? "Normal" : "Warning");
    event
        .putObject("regarding")
        .put("apiVersion", resource.kind().apiVersion())
        .put("kind", resource.kind().word())
        .put("name", resource.name())
        .put("namespace", resource.namespace())
        .put("uid", uid);
    return event;
  }

  private static String cut(String text) {
    return text.length() > 1_000 ? text.substring(0, 1_000) : text;
  }

  private static ObjectNode named(Key resource) {
    var object =
        NODES
            .objectNode()
            .put("apiVersion", Resources.API_VERSION)
            .put("kind", resource.kind().word());
    object
        .putObject("metadata")
        .put("name", resource.name())
        .put("namespace", resource.namespace());
    return object;
  }

  private static Map<String, byte[]> entries(JsonNode secret) {
    var entries = new HashMap<String, byte[]>();
    for (var entry : secret.path("data").properties()) {
      try {
        entries.put(entry.getKey(), entry.getValue().binaryValue());
      } catch (IOException e) {
        throw new ApiException(0, "the API server sent a Secret that is not base64");
      }
    }
    return entries;
  }

  private static Map<String, String> texts(JsonNode configMap) {
    var texts = new HashMap<String, String>();
    for (var entry : configMap.path("data").properties()) {
      texts.put(entry.getKey(), entry.getValue().asText());
    }
    return texts;
  }

  private record Applied(String digest, String version) {}
}
