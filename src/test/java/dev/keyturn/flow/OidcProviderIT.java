package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Node;
import dev.keyturn.given.Running;
import dev.keyturn.given.ServedProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serve} before an OpenID provider that others wrote. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OidcProviderIT {
  @TempDir private static Path folder;
  private static Running provider;
  private static ServedProcess server;

  @BeforeAll
  static void start() {
    Node.required();
    var port = FreePorts.next();
    provider =
        Node.start(
            "oidc-provider.mjs",
            "--redirect-uri",
            "http://127.0.0.1:" + port + "/oauth/callback",
            "--refresh",
            "always");
    var issuer =
        new JsonObject(provider.line(line -> line.contains("listening"))).getString("issuer");
    var upstream =
        """
        {name: idp, type: oidc, oidc_config: {issuer_url: "%s", client_id: keyturn,
              client_secret_file: client-secret, scopes: [openid, profile, email, offline_access]}}\
        """
            .formatted(issuer);
    server = ServedProcess.started(folder, port, upstream, URI.create(issuer + "/me"), "sub");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdk-v1.mjs", "sdk-v2.mjs"})
  void a_client_logs_in_there_and_its_tools_see_the_providers_token(String program) {
    assertThat(Node.run(program, "--mcp", server.mcp().toString(), "--user", "carol"))
        .anyMatch(line -> line.contains("The upstream token of carol arrived"));
  }
}
