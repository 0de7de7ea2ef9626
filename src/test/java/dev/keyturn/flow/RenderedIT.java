package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.FakeOAuth2;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Jar;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Place;
import dev.keyturn.given.RecordingBackend;
import dev.keyturn.given.Running;
import dev.keyturn.operator.render.Deployed;
import dev.keyturn.operator.render.GivenNamespace;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One GitHub config and two servers, rendered and served by the jar. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RenderedIT {
  private static final Path RESOURCES =
      Path.of("src/test/resources/dev/keyturn/operator/render/review-example/resources.yaml");
  private static final String MOUNTED = "/etc/keyturn/";
  private static final String CALLBACK = "http://127.0.0.1:33418/callback";

  @TempDir private static Path root;
  private static Vertx vertx;
  private static FakeOAuth2 github;
  private static RecordingBackend issues;
  private static RecordingBackend pulls;
  private static int port;
  private static Running server;

  @BeforeAll
  static void start() throws IOException {
    vertx = Vertx.vertx();
    github = FakeOAuth2.start(vertx);
    github.user = "{\"id\":583231,\"login\":\"octocat\"}";
    github.token = "{\"access_token\":\"gho_1\",\"token_type\":\"bearer\",\"scope\":\"read:user\"}";
    issues = new RecordingBackend();
    pulls = new RecordingBackend();
    port = FreePorts.next();
    var deployed = GivenNamespace.of(resources()).rendered().deployments();
    assertThat(deployed).hasSize(1);
    mount(deployed.get(0));
    server = Jar.start(root, "serve", "--config", root + "/etc/keyturn/config/" + Deployed.KEY);
    server.line(line -> line.contains("started"));
  }

  @AfterAll
  static void stop() {
    server.close();
    issues.close();
    pulls.close();
    done(vertx.close());
  }

  /** The example, with everything on this machine. */
  private static String resources() throws IOException {
    return Files.readString(RESOURCES)
        .replace("https://mcp.example.com", "http://127.0.0.1:" + port)
        .replace("https://github.com", github.url(""))
        .replace("https://api.github.com", github.url(""))
        .replace("http://issues.tools.svc:8080/mcp", issues.url().toString())
        .replace("http://pulls.tools.svc:8080/mcp", pulls.url().toString());
  }

  /** The folders that the pod would see, below another root. */
  private static void mount(Deployed deployed) throws IOException {
    new Mount(root.resolve("etc/keyturn/secrets/as-keys"))
        .swap(
            Map.of(
                "p256-pkcs8.pem", key("p256-pkcs8.pem"),
                "p384-pkcs8.pem", key("p384-pkcs8.pem"),
                "hmac-1", "h".repeat(48).getBytes(US_ASCII),
                "vault-1", "v".repeat(32).getBytes(US_ASCII)));
    new Mount(root.resolve("etc/keyturn/secrets/github-app")).swap("client-secret", "of-github\n");
    new Mount(root.resolve("etc/keyturn/config"))
        .swap(
            Deployed.KEY,
            deployed
                .runConfig()
                .replace(MOUNTED, root + MOUNTED)
                .replace("0.0.0.0", "127.0.0.1")
                .replace("port: 8080", "port: " + port)
                .replace("management_port: 9090", "management_port: 0"));
  }

  private static byte[] key(String name) throws IOException {
    try (var in = RenderedIT.class.getResourceAsStream("/dev/keyturn/keys/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  @Test
  void a_token_opens_the_server_that_it_is_for() {
    var before = issues.count();
    assertThat(new Server("issues").client().call(token("issues")).status()).isEqualTo(200);
    assertThat(issues.count()).isEqualTo(before + 1);
  }

  @Test
  void the_server_is_given_the_token_of_the_provider() {
    new Server("pulls").client().call(token("pulls"));
    assertThat(pulls.last().get("Authorization")).isEqualTo("Bearer gho_1");
  }

  @Test
  void a_token_for_one_server_is_refused_by_the_other() {
    var before = pulls.count();
    var refused = new Server("pulls").client().call(token("issues"));
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate").orElseThrow())
        .contains("error=\"invalid_token\"", "scope=\"github:pulls\"")
        .contains("/.well-known/oauth-protected-resource/pulls");
    assertThat(pulls.count()).isEqualTo(before);
  }

  @Test
  void a_token_without_the_scope_of_its_server_is_refused() {
    // A client of its own: what was approved for another one once would be granted again.
    var client = McpClient.registered(new Server("issues"), CALLBACK + "/narrow");
    var tokens = client.redeem(logIn(client, "offline_access"));
    var refused = client.call(tokens.text("access_token"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("WWW-Authenticate").orElseThrow())
        .contains("error=\"insufficient_scope\"", "scope=\"github:issues\"");
  }

  @Test
  void a_scope_of_one_server_is_not_granted_for_the_other() {
    var handed = logIn(new Server("issues").client(), "github:pulls");
    assertThat(handed.handed("error")).isEqualTo("invalid_scope");
  }

  private static String token(String name) {
    var client = new Server(name).client();
    var tokens = client.redeem(logIn(client, "github:" + name));
    return Objects.requireNonNull(tokens.text("access_token"), tokens.body());
  }

  /** What the client is handed in the end; the provider asks nobody. */
  private static Answer logIn(McpClient client, String scope) {
    var browser = new Browser(Clock.systemUTC());
    var first = browser.arriveAt(client.authorize(client.request().with("scope", scope)));
    var answer = first.status() == 200 ? browser.press(first, "Allow") : first;
    while (!answer.location().toString().startsWith(CALLBACK)) {
      answer = browser.follow(answer);
    }
    return answer;
  }

  /** One of the two servers, as clients see it. */
  private record Server(String name) implements Place {
    McpClient client() {
      return McpClient.registered(this, CALLBACK);
    }

    @Override
    public URI url(String path) {
      return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public URI browserUrl(String path) {
      return url(path);
    }

    @Override
    public URI mcp() {
      return url("/" + name);
    }
  }
}
