package dev.keyturn.operator.rules;

import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Storage;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * What several replicas need: one store for all, and secrets that all have.
 *
 * @param config of the server that has them
 */
record Replicas(ExternalAuthConfig config) {
  List<Remark> judge(McpServer server) {
    var wanted = server.spec().replicas().orElse(1);
    var lacking = config.spec().embeddedAuthServer().map(Replicas::lacking).orElseGet(List::of);
    return wanted < 2 || lacking.isEmpty()
        ? List.of()
        : List.of(
            new Remark(
                Weight.REFUSED,
                McpServer.KIND + "/" + server.metadata().name(),
                "spec.replicas",
                "must be 1 at most",
                "for more, " + config.metadata().name() + " lacks " + String.join(", ", lacking)));
  }

  private static List<String> lacking(EmbeddedAuthServer embedded) {
    var lacking = new ArrayList<String>();
    if (embedded.storage().filter(kept -> kept.type() == Storage.Type.REDIS).isEmpty()) {
      lacking.add("storage.type: redis");
    }
    if (embedded.signingKeySecretRefs().isEmpty()) {
      lacking.add("signingKeySecretRefs");
    }
    if (embedded.hmacSecretRefs().isEmpty()) {
      lacking.add("hmacSecretRefs");
    }
    if (embedded.vaultKeySecretRefs().isEmpty()) {
      lacking.add("vaultKeySecretRefs");
    }
    return lacking;
  }
}
