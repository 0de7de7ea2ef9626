package dev.keyturn.flow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.given.Browser;
import dev.keyturn.given.Form;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Node;
import dev.keyturn.given.Running;
import dev.keyturn.given.ServedProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serve} before a provider with GitHub's habits. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GithubIT {
  private static final long FIRST_ID = 90_071_992_547_409_931L;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"form", "json"})
  void a_client_logs_in_there_and_its_tools_see_the_providers_token(String mode) {
    try (var lab = new Lab(folder, mode)) {
      assertThat(Node.run("sdk-v2.mjs", "--mcp", lab.server.mcp().toString(), "--user", "dave"))
          .anyMatch(line -> line.contains("The upstream token of dave arrived"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"form", "json"})
  void two_people_whose_ids_differ_in_the_last_digit_are_two_people(String mode) throws Exception {
    try (var lab = new Lab(folder, mode)) {
      var twins = twins();
      assertThat(lab.subject(twins.get(0))).isNotEqualTo(lab.subject(twins.get(1)));
    }
  }

  @Test
  void one_person_is_the_same_one_at_the_next_login() throws Exception {
    try (var lab = new Lab(folder, "form")) {
      assertThat(lab.subject("dave")).isEqualTo(lab.subject("dave")).startsWith("u_");
    }
  }

  /** Two names whose ids a program that reads numbers as doubles takes for one. */
  private static List<String> twins() throws Exception {
    var seen = new HashMap<Long, String>();
    for (int i = 0; i < 50_000; i++) {
      var name = "person" + i;
      var id = id(name);
      var other = seen.putIfAbsent(id / 10, name);
      if (other != null && id(other) != id && (double) id(other) == (double) id) {
        return List.of(other, name);
      }
    }
    throw new AssertionError("no such names");
  }

  /** The id that the fake gives to a name. */
  private static long id(String name) throws Exception {
    var hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(US_ASCII));
    return (FIRST_ID + (((hash[0] & 0xff) << 8) | (hash[1] & 0xff))) | 1;
  }

  /** The fake, and a server before it. */
  private static final class Lab implements AutoCloseable {
    private final Running fake;
    private final ServedProcess server;

    Lab(Path folder, String mode) {
      Node.required();
      var port = FreePorts.next();
      fake =
          Node.start(
              "github-fake.mjs",
              "--mode",
              mode,
              "--first-id",
              String.valueOf(FIRST_ID),
              "--redirect-uri",
              "http://127.0.0.1:" + port + "/oauth/callback");
      var base = new JsonObject(fake.line(line -> line.contains("listening"))).getString("base");
      var upstream =
          """
          {name: github, type: oauth2, oauth2_config: {client_id: keyturn,
                client_secret_file: client-secret, scopes: ["read:user", "user:email"],
                authorization_endpoint: "%1$s/login/oauth/authorize",
                token_endpoint: "%1$s/login/oauth/access_token",
                userinfo: {endpoint_url: "%1$s/user", field_mapping: {subject_fields: [id]}}}}\
          """
              .formatted(base);
      server = ServedProcess.started(folder, port, upstream, URI.create(base + "/user"), "login");
    }

    /** The subject of the tokens that somebody's login ends with. */
    String subject(String name) throws Exception {
      var client = McpClient.registered(server, "http://127.0.0.1:33418/callback");
      var browser = new Browser(Clock.systemUTC());
      var consent = browser.arriveAt(client.authorize());
      var login = browser.follow(browser.press(consent, "Allow"));
      var signedIn =
          browser.press(login, "Authorize", Form.of("login", name, "password", "anything"));
      var tokens = client.redeem(browser.follow(signedIn));
      return SignedJWT.parse(tokens.text("access_token")).getJWTClaimsSet().getSubject();
    }

    @Override
    public void close() {
      Stream.of(server, fake).forEach(Lab::close);
    }

    private static void close(AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
