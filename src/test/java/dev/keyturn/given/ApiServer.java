package dev.keyturn.given;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A real Kubernetes API server and its etcd, on loopback: no nodes, no controllers, no pods.
 *
 * <p>Whoever has a token is who the token says: {@code admin} may do everything, others what roles
 * give them.
 */
public final class ApiServer implements AutoCloseable {
  private static final String ADMIN = "admin";
  private static final String AUDIT =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules: [{level: Metadata}]
      """;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path binaries;
  private final Path folder;
  private final GivenCertificate certificate = GivenCertificate.good();
  private final int port = FreePorts.next();
  private final String store = "http://127.0.0.1:" + FreePorts.next();
  private final Running etcd;
  private final Running server;

  private ApiServer(Path binaries, Map<String, String> variables) {
    this.binaries = binaries;
    try {
      folder = Files.createTempDirectory("api-server");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    etcd = Running.start(folder, etcd(store, "http://127.0.0.1:" + FreePorts.next()));
    server = Running.start(folder, variables, server(store));
    var api = admin();
    Patience.await().until(() -> api.isReady() || !server.isAlive());
    if (!api.isReady()) {
      throw new AssertionError("it did not start: " + server.lines());
    }
  }

  /**
   * Starts both.
   *
   * @param binaries a folder with {@code kube-apiserver}, {@code etcd} and {@code kubectl}
   */
  public static ApiServer start(Path binaries) {
    return start(binaries, Map.of());
  }

  /** Starts both; the API server has further variables, such as the proxy by which it goes out. */
  public static ApiServer start(Path binaries, Map<String, String> variables) {
    return new ApiServer(binaries.toAbsolutePath(), variables);
  }

  /** The API for somebody who may do everything. */
  public KubeApi admin() {
    return user(ADMIN);
  }

  /** The API for {@code name}, who may do what roles give: {@code alice} or {@code bob}. */
  public KubeApi user(String name) {
    return new KubeApi(URI.create("https://127.0.0.1:" + port), certificate, token(name));
  }

  /** Where it listens on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Who vouches for it. */
  public GivenCertificate authority() {
    return certificate;
  }

  /** Every call that was answered, as the audit log has it; what runs on is not among them. */
  public List<JsonNode> audit() {
    var mapper = new ObjectMapper();
    var calls = new ArrayList<JsonNode>();
    try {
      for (var line : Files.readAllLines(folder.resolve("audit.log"))) {
        calls.add(mapper.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return calls;
  }

  /** Forgets what was before, so that who watches from an earlier moment is told 410. */
  public void compact() {
    var status = ask("/v3/maintenance/status", "{}");
    ask(
        "/v3/kv/compaction",
        "{\"revision\": \"" + status.at("/header/revision").asText() + "\", \"physical\": true}");
  }

  private JsonNode ask(String path, String body) {
    try {
      var request = HttpRequest.newBuilder(URI.create(store + path));
      var answer =
          client.send(
              request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
              HttpResponse.BodyHandlers.ofString());
      return new ObjectMapper().readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What comes before the arguments of kubectl, for admin. */
  public List<String> kubectl() {
    return List.of(
        binaries.resolve("kubectl").toString(),
        "--kubeconfig",
        write("kubeconfig", kubeconfig()).toString());
  }

  /** Runs kubectl as admin to its end. */
  public Ran kubectl(String... arguments) {
    var command = new ArrayList<>(kubectl());
    command.addAll(List.of(arguments));
    var running = Running.start(folder, command);
    var code = running.exit(Patience.SECONDS);
    return new Ran(code, String.join("\n", running.lines()));
  }

  /** How a command ended, and what it printed. */
  public record Ran(int code, String output) {}

  @Override
  public void close() {
    server.close();
    etcd.close();
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> etcd(String clients, String peers) {
    return List.of(
        binaries.resolve("etcd").toString(),
        "--data-dir=" + folder.resolve("etcd"),
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=default=" + peers,
        "--unsafe-no-fsync");
  }

  private List<String> server(String store) {
    var accounts = GivenCertificate.of("RSA");
    var tokens =
        """
        %s,admin,1,"system:masters"
        %s,alice,2
        %s,bob,3
        """
            .formatted(token(ADMIN), token("alice"), token("bob"));
    return List.of(
        binaries.resolve("kube-apiserver").toString(),
        "--etcd-servers=" + store,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        "--tls-cert-file=" + write("tls.crt", certificate.certificatePem()),
        "--tls-private-key-file=" + write("tls.key", certificate.keyPem()),
        "--token-auth-file=" + write("tokens.csv", tokens),
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + write("accounts.key", accounts.keyPem()),
        "--service-account-signing-key-file=" + folder.resolve("accounts.key"),
        "--authorization-mode=RBAC",
        "--audit-policy-file=" + write("audit.yaml", AUDIT),
        "--audit-log-path=" + folder.resolve("audit.log"),
        "--disable-admission-plugins=ServiceAccount",
        "--endpoint-reconciler-type=none");
  }

  private String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    current-context: it
    clusters: [{name: it, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}]
    users: [{name: it, user: {token: %s}}]
    contexts: [{name: it, context: {cluster: it, user: it}}]
    """
        .formatted(port, folder.resolve("tls.crt"), token(ADMIN));
  }

  private String token(String user) {
    return "token-of-" + user;
  }

  private Path write(String file, String text) {
    try {
      return Files.write(folder.resolve(file), text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
