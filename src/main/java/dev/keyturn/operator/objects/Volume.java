package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.Storage;

/**
 * The volume of the file store, which belongs to one pod.
 *
 * <p>It has no owner: who deletes a config by mistake has not deleted every session with it.
 */
final class Volume {
  private static final String USUAL = "1Gi";

  private Volume() {}

  static ObjectNode of(Sheet sheet, String name, Storage kept) {
    var claim = sheet.object("v1", "PersistentVolumeClaim", name);
    claim.withObject("/metadata").remove("ownerReferences");
    var spec = claim.putObject("spec");
    spec.putArray("accessModes").add("ReadWriteOncePod");
    kept.file()
        .flatMap(Storage.FileStorage::storageClassName)
        .ifPresent(storageClass -> spec.put("storageClassName", storageClass));
    spec.putObject("resources")
        .putObject("requests")
        .put("storage", kept.file().flatMap(Storage.FileStorage::size).orElse(USUAL));
    return claim;
  }
}
