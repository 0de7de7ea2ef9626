package dev.keyturn.operator.rules;

import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import java.util.List;

/** Two configs of one issuer: the older one has it. */
final class Siblings {
  private Siblings() {}

  static List<Remark> judge(
      ExternalAuthConfig config, EmbeddedAuthServer embedded, List<ExternalAuthConfig> all) {
    return all.stream()
        .filter(other -> Namespace.isOlder(other.metadata(), config.metadata()))
        .filter(other -> embedded.issuer().isPresent() && embedded.issuer().equals(issuer(other)))
        .map(
            other ->
                new Remark(
                    Weight.PENDING,
                    ExternalAuthConfig.KIND + "/" + config.metadata().name(),
                    "spec.embeddedAuthServer.issuer",
                    "is that of " + other.metadata().name() + ", which was there before",
                    "nothing runs while that has it"))
        .toList();
  }

  private static java.util.Optional<String> issuer(ExternalAuthConfig config) {
    return config.spec().embeddedAuthServer().flatMap(EmbeddedAuthServer::issuer);
  }
}
