package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Node;
import dev.keyturn.given.Running;
import dev.keyturn.given.ServedProcess;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.keys.SigningKeys;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} proves itself by a key before an OpenID provider that others wrote. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientKeyIT {
  private final NewKey one = NewKey.make(SigningAlgorithm.ES256, new SecureRandom());
  private final NewKey unknown = NewKey.make(SigningAlgorithm.ES384, new SecureRandom());
  private final NewKey three = NewKey.make(SigningAlgorithm.RS256, new SecureRandom());

  @TempDir private Path folder;
  private Running provider;
  private ServedProcess server;
  private int seen;

  @BeforeEach
  void start() throws IOException {
    Node.required();
    var port = FreePorts.next();
    provider =
        Node.start(
            "oidc-provider.mjs",
            "--redirect-uri",
            "http://127.0.0.1:" + port + "/oauth/callback",
            "--refresh",
            "always",
            "--auth-method",
            "private_key_jwt",
            "--client-jwks",
            SigningKeys.of(one.key(), List.of(three.key())).jwks().encode());
    var issuer =
        new JsonObject(provider.line(line -> line.contains("listening"))).getString("issuer");
    put(one);
    var upstream =
        """
        {name: idp, type: oidc, oidc_config: {issuer_url: "%s", client_id: keyturn,
              client_key_file: client-key.pem, scopes: [openid, profile, offline_access]}}\
        """
            .formatted(issuer);
    server = ServedProcess.started(folder, port, upstream, URI.create(issuer + "/me"), "sub");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  @Test
  void a_login_and_its_refreshes_go_on_while_the_key_changes() throws IOException {
    useAll();
    assertThat(proofs())
        .startsWith(one.key().kid() + " authorization_code 200")
        .contains(one.key().kid() + " refresh_token 200")
        .allMatch(line -> line.startsWith(one.key().kid()) && !line.endsWith(" 401"));

    change(unknown, 2);
    useAll();
    assertThat(proofs())
        .startsWith(
            unknown.key().kid() + " authorization_code 401",
            one.key().kid() + " authorization_code 200")
        .contains(
            unknown.key().kid() + " refresh_token 401", one.key().kid() + " refresh_token 200");

    change(three, 3);
    useAll();
    assertThat(proofs())
        .contains(three.key().kid() + " refresh_token 200")
        .allMatch(line -> line.startsWith(three.key().kid()) && !line.endsWith(" 401"));
  }

  /** A client that logs in, calls both tools and refreshes twice. */
  private void useAll() {
    assertThat(Node.run("sdk-v2.mjs", "--mcp", server.mcp().toString(), "--user", "carol"))
        .anyMatch(line -> line.contains("The upstream token of carol arrived"));
  }

  /** What the provider was shown since the last time. */
  private List<String> proofs() {
    var all =
        provider.lines().stream()
            .filter(line -> line.contains("\"proof\""))
            .map(JsonObject::new)
            .map(
                proof ->
                    "%s %s %d"
                        .formatted(
                            proof.getString("kid"),
                            proof.getString("grant"),
                            proof.getInteger("status")))
            .toList();
    var fresh = all.subList(seen, all.size());
    seen = all.size();
    return fresh;
  }

  private void change(NewKey key, int generation) throws IOException {
    put(key);
    server.line(
        line ->
            line.contains("configuration in force") && line.contains("generation=\"" + generation));
  }

  private void put(NewKey key) throws IOException {
    var next = folder.resolve("next.pem");
    Files.writeString(next, key.pem());
    Files.move(
        next,
        folder.resolve("client-key.pem"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
