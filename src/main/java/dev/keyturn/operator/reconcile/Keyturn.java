package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.objects.KeyturnObjects;
import dev.keyturn.operator.render.Deployed;
import java.util.List;

/**
 * What is kept of a Keyturn that was rendered; its configuration is not, which is long.
 *
 * @param name of its Deployment
 * @param servers the names of the MCP servers behind it
 * @param revision what its pods say of their configuration when they have loaded the newest
 */
record Keyturn(
    String name,
    String issuer,
    List<String> servers,
    String revision,
    List<String> redirectUris,
    List<String> urls) {
  static Keyturn of(Deployed deployed) {
    return new Keyturn(
        deployed.name(),
        deployed.issuer(),
        deployed.servers(),
        KeyturnObjects.revision(deployed),
        deployed.redirectUris(),
        deployed.urls());
  }

  Keyturn {
    servers = List.copyOf(servers);
    redirectUris = List.copyOf(redirectUris);
    urls = List.copyOf(urls);
  }
}
