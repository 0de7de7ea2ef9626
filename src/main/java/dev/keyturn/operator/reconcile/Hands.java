package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.objects.Made;
import java.util.Map;
import java.util.Optional;

/** What is asked of the API server and done there. Each blocks, and throws {@link ApiException}. */
interface Hands {
  /** The entries of a Secret; empty where there is none. Secrets are got by name and not kept. */
  Optional<Map<String, byte[]>> secret(String namespace, String name);

  /** The texts of a ConfigMap that is not ours. */
  Optional<Map<String, String>> configMap(String namespace, String name);

  /** Whether a namespace with all that is in it is about to go. */
  boolean isEnding(String namespace);

  /** Sees to it that the object is there and as it is to be. */
  void apply(Made object);

  void delete(Key object);

  /** Writes the whole status of a resource. */
  void status(Key resource, ObjectNode status);

  /** Holds up the deletion of a resource. */
  void hold(Key resource);

  /** Lets the deletion of a resource go on. */
  void release(Key resource, String resourceVersion);

  /** Tells whoever looks at the resource. */
  void tell(Key resource, String uid, Notice notice);

  /** An event. */
  record Notice(boolean good, String reason, String message) {}
}
