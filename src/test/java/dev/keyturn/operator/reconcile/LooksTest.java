package dev.keyturn.operator.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.given.Manifests;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.objects.Settings;
import dev.keyturn.operator.rules.Rules;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a look at a resource makes, keeps, takes back and tells. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LooksTest {
  private static final Resources RESOURCES = new Resources();

  private final FakeCluster cluster = new FakeCluster();
  private final Board board = new Board();
  private final Means means =
      new Means(
          new Rules(new SecureRandom(), Clock.systemUTC()),
          new Settings(GivenCluster.pod("keyturn:1"), "keyturn-system", List.of("monitoring")),
          Clock.systemUTC());
  private final ConfigLook configs = new ConfigLook(cluster, cluster, board, means);
  private final ServerLook servers = new ServerLook(cluster, cluster, board, means);

  @BeforeEach
  void example() throws IOException {
    for (var object :
        Manifests.parse(Files.readString(Path.of("deploy/examples/github-two-servers.yaml")))) {
      add((ObjectNode) object);
    }
    secrets();
  }

  private void add(ObjectNode object) {
    var name = object.at("/metadata/name").asText();
    object
        .withObject("/metadata")
        .put("uid", "uid-of-" + name)
        .put("namespace", "default")
        .put("creationTimestamp", "2026-01-01T00:00:0" + cluster.servers.size() + "Z");
    if (object.path("kind").asText().equals("MCPServer")) {
      cluster.servers.put(name, RESOURCES.read(object, McpServer.class));
    } else {
      cluster.configs.put(name, RESOURCES.read(object, ExternalAuthConfig.class));
    }
  }

  private void secrets() {
    var keys = new HashMap<String, byte[]>();
    for (var name : List.of("current.pem", "previous.pem")) {
      keys.put(name, NewKey.make(SigningAlgorithm.ES256, new SecureRandom()).pem().getBytes(UTF_8));
    }
    keys.put("hmac-1", "h".repeat(44).getBytes(UTF_8));
    keys.put("vault-1", "v".repeat(32).getBytes(UTF_8));
    cluster.secrets.put("as-keys", keys);
    cluster.secrets.put("github", Map.of("client-secret", "s".getBytes(UTF_8)));
  }

  private void change(String server, String field, String value) {
    var tree = (ObjectNode) RESOURCES.write(cluster.servers.get(server));
    tree.withObject("/spec").put(field, value);
    cluster.servers.put(server, RESOURCES.read(tree, McpServer.class));
  }

  private void generation(String server, int generation) {
    var tree = (ObjectNode) RESOURCES.write(cluster.servers.get(server));
    tree.withObject("/metadata").put("generation", generation);
    cluster.servers.put(server, RESOURCES.read(tree, McpServer.class));
  }

  private ExternalAuthConfig issuer(String issuer) {
    var tree = (ObjectNode) RESOURCES.write(cluster.configs.get("github"));
    tree.withObject("/spec/embeddedAuthServer").put("issuer", issuer);
    return RESOURCES.read(tree, ExternalAuthConfig.class);
  }

  private void marked(String config, String field) {
    var tree = (ObjectNode) RESOURCES.write(cluster.configs.get(config));
    tree.withObject("/metadata").put(field, "2026-01-02T00:00:00Z");
    tree.withObject("/metadata").putArray("finalizers").add(Farewell.FINALIZER);
    cluster.configs.put(config, RESOURCES.read(tree, ExternalAuthConfig.class));
  }

  private Look look() {
    var look = configs.at("default", "github");
    servers.at("default", "issues");
    servers.at("default", "reviews");
    return look;
  }

  private String keyturn() {
    return cluster.made(Kind.DEPLOYMENT).stream()
        .filter(name -> name.startsWith("keyturn-"))
        .findFirst()
        .orElseThrow();
  }

  private ObjectNode made(Kind kind, String name) {
    return cluster.made.get(new Key(kind, "default", name));
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_config_that_is_right {
    @Test
    void has_one_Keyturn_for_all_its_servers() {
      look();
      assertThat(cluster.made(Kind.DEPLOYMENT)).hasSize(3).contains("mcp-issues", "mcp-reviews");
    }

    @Test
    void is_valid() {
      look();
      assertThat(cluster.condition(Kind.CONFIG, "github", "Valid")).isEqualTo("True Valid");
    }

    @Test
    void is_held_while_it_is_in_use() {
      look();
      assertThat(cluster.held).containsExactly(Key.config("default", "github"));
    }

    @Test
    void makes_the_servers_be_looked_at_when_something_else_runs() {
      assertThat(look().others())
          .containsExactlyInAnyOrder(
              Key.server("default", "issues"), Key.server("default", "reviews"));
      assertThat(look().others()).isEmpty();
    }

    @Test
    void has_no_event_for_what_is_only_under_way() {
      look();
      assertThat(cluster.notices).isEmpty();
    }

    @Test
    void has_no_Secret_got_again_for_its_servers() {
      look();
      assertThat(cluster.secretsGot).isEqualTo(2);
    }

    @Test
    void makes_a_server_be_looked_at_of_which_something_else_is_to_be_said() {
      look();
      change("reviews", "resourceUrl", "https://mcp.example.com/issues");
      generation("reviews", 2);
      assertThat(configs.at("default", "github").others())
          .contains(Key.server("default", "reviews"));
      servers.at("default", "reviews");
      assertThat(cluster.condition(Kind.SERVER, "reviews", "Valid")).startsWith("False");
    }

    @Test
    void has_each_Secret_got_once_for_a_look() {
      configs.at("default", "github");
      assertThat(cluster.secretsGot).isEqualTo(2);
    }

    @Test
    void writes_no_status_that_is_the_same() {
      look();
      cluster.statuses.clear();
      look();
      assertThat(cluster.statuses).isEmpty();
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_config_that_is_wrong {
    @Test
    void has_nothing_before_its_Secret_is_there() {
      cluster.secrets.remove("as-keys");
      assertThat(configs.at("default", "github").waits()).isTrue();
      assertThat(cluster.made).isEmpty();
      assertThat(cluster.condition(Kind.CONFIG, "github", "Valid"))
          .isEqualTo("False SecretNotFound");
    }

    @Test
    void keeps_what_runs() {
      look();
      var before = Map.copyOf(cluster.made);
      cluster.secrets.put("as-keys", Map.of("hmac-1", "short".getBytes(UTF_8)));
      look();
      assertThat(cluster.made).isEqualTo(before);
    }

    private void moved() {
      var issues = (ObjectNode) RESOURCES.write(cluster.servers.get("issues"));
      issues.withObject("/spec/route").put("type", "ingress");
      cluster.servers.put("issues", RESOURCES.read(issues, McpServer.class));
      look();
      cluster.configs.put("github", issuer("https://mcp.example.com/elsewhere"));
      cluster.secrets.remove("github");
    }

    @Test
    void leads_no_server_to_a_Keyturn_that_is_not_there() {
      moved();
      var before = Map.copyOf(cluster.made);
      look();
      assertThat(cluster.made).containsKey(new Key(Kind.INGRESS, "default", "mcp-issues"));
      assertThat(cluster.made).isEqualTo(before);
    }

    @Test
    void leads_none_there_after_a_start_either() {
      moved();
      var before = Map.copyOf(cluster.made);
      board.forget("default", "github");
      look();
      assertThat(cluster.made).isEqualTo(before);
    }

    @Test
    void goes_on_telling_of_what_runs() {
      moved();
      var config = cluster.status(Kind.CONFIG, "github");
      var server = cluster.status(Kind.SERVER, "issues");
      board.forget("default", "github");
      look();
      assertThat(cluster.status(Kind.CONFIG, "github").path("configHash"))
          .isEqualTo(config.path("configHash"));
      assertThat(cluster.status(Kind.CONFIG, "github").path("urls")).isEqualTo(config.path("urls"));
      assertThat(cluster.status(Kind.SERVER, "issues").path("issuer").asText())
          .isEqualTo(server.path("issuer").asText())
          .isEqualTo("https://mcp.example.com");
    }

    @Test
    void tells_of_it_once() {
      cluster.secrets.remove("github");
      look();
      look();
      assertThat(cluster.notices)
          .filteredOn(notice -> notice.message().startsWith("Valid: spec.embeddedAuthServer"))
          .hasSize(1);
    }

    @Test
    void says_nothing_of_what_a_Secret_holds() {
      cluster.secrets.put(
          "as-keys",
          Map.of(
              "current.pem",
              "s3cr3t".getBytes(UTF_8),
              "previous.pem",
              "s3cr3t".getBytes(UTF_8),
              "hmac-1",
              "s3cr3t".getBytes(UTF_8),
              "vault-1",
              "s3cr3t".getBytes(UTF_8)));
      look();
      assertThat(cluster.statuses.toString() + cluster.notices).doesNotContain("s3cr3t");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_server {
    @Test
    void that_wants_what_another_has_is_closed_and_the_other_goes_on() {
      change("reviews", "resourceUrl", "https://mcp.example.com/issues");
      look();
      var document = made(Kind.CONFIG_MAP, keyturn()).at("/data/keyturn.yaml").asText();
      assertThat(document).contains("mcp-issues.default.svc").doesNotContain("mcp-reviews.default");
      assertThat(cluster.condition(Kind.SERVER, "reviews", "Valid")).startsWith("False");
      assertThat(cluster.condition(Kind.SERVER, "issues", "Valid")).isEqualTo("True Valid");
    }

    @Test
    void that_wants_more_pods_than_its_storage_allows_goes_on_with_one() {
      var tree = (ObjectNode) RESOURCES.write(cluster.servers.get("issues"));
      tree.withObject("/spec").put("replicas", 3);
      cluster.servers.put("issues", RESOURCES.read(tree, McpServer.class));
      look();
      assertThat(made(Kind.DEPLOYMENT, keyturn()).at("/spec/replicas").asInt()).isOne();
      assertThat(cluster.condition(Kind.SERVER, "issues", "Valid"))
          .isEqualTo("False ReplicasRefused");
      assertThat(made(Kind.CONFIG_MAP, keyturn()).at("/data/keyturn.yaml").asText())
          .contains("/issues");
    }

    @Test
    void that_leaves_takes_its_objects_along_at_the_last_one() {
      look();
      cluster.servers.clear();
      configs.at("default", "github");
      assertThat(cluster.made.keySet()).allMatch(key -> key.name().startsWith("mcp-"));
    }

    @Test
    void is_not_shut_off_by_an_operator_that_has_just_begun() {
      servers.at("default", "issues");
      assertThat(cluster.made).isEmpty();
      assertThat(cluster.statuses).isEmpty();
    }

    @Test
    void is_reached_by_its_Keyturn_only() {
      look();
      var policy = made(Kind.NETWORK_POLICY, "mcp-issues").path("spec");
      assertThat(policy.at("/ingress")).hasSize(1);
      assertThat(
              policy
                  .at("/ingress/0/from/0/podSelector/matchLabels/app.kubernetes.io~1instance")
                  .asText())
          .isEqualTo(keyturn());
    }

    @Test
    void is_reached_by_nobody_without_one() {
      cluster.configs.clear();
      servers.at("default", "issues");
      cluster.servers.values().forEach(any -> servers.at("default", any.metadata().name()));
      assertThat(cluster.condition(Kind.SERVER, "issues", "Valid"))
          .isEqualTo("False ConfigNotFound");
      assertThat(cluster.made).isEmpty();
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class An_Ingress {
    private void route(String server, String className) {
      var tree = (ObjectNode) RESOURCES.write(cluster.servers.get(server));
      var route = tree.withObject("/spec/route").put("type", "ingress");
      route.withObject("/ingress").put("className", className);
      cluster.servers.put(server, RESOURCES.read(tree, McpServer.class));
    }

    private List<String> paths(String server) {
      return made(Kind.INGRESS, "mcp-" + server)
          .at("/spec/rules/0/http/paths")
          .findValuesAsText("path");
    }

    /** Controllers refuse a path that another Ingress has already. */
    @Test
    void of_each_server_has_other_paths() {
      route("issues", "nginx");
      route("reviews", "nginx");
      look();
      assertThat(paths("issues")).contains("/oauth", "/issues").doesNotHaveDuplicates();
      assertThat(paths("reviews"))
          .contains("/reviews")
          .doesNotContainAnyElementsOf(paths("issues"));
    }

    @Test
    void of_each_controller_leads_to_the_login() {
      route("issues", "inside");
      route("reviews", "outside");
      look();
      assertThat(paths("issues")).contains("/oauth");
      assertThat(paths("reviews")).contains("/oauth");
    }

    @Test
    void of_the_next_server_leads_to_the_login_when_the_first_has_none() {
      route("reviews", "nginx");
      look();
      assertThat(paths("reviews")).contains("/oauth");
    }

    @Test
    void of_the_next_server_leads_to_the_login_when_the_first_is_refused() {
      route("issues", "nginx");
      route("reviews", "nginx");
      configs.at("default", "github");
      cluster.refused.put(Kind.SERVICE, 422);
      assertThatThrownBy(() -> servers.at("default", "issues")).isInstanceOf(ApiException.class);
      cluster.refused.clear();
      servers.at("default", "reviews");
      assertThat(paths("reviews")).contains("/oauth");
    }

    /** Before the other one has given them up, a controller refuses the paths of the login. */
    @Test
    void of_a_server_that_was_refused_comes_without_the_login() {
      route("issues", "nginx");
      route("reviews", "nginx");
      configs.at("default", "github");
      cluster.refused.put(Kind.INGRESS, 400);
      assertThatThrownBy(() -> servers.at("default", "issues")).isInstanceOf(ApiException.class);
      cluster.refused.clear();
      servers.at("default", "issues");
      assertThat(paths("issues")).contains("/issues").doesNotContain("/oauth");
      servers.at("default", "issues");
      assertThat(paths("issues")).contains("/oauth");
    }

    @Test
    void that_was_kept_keeps_the_login() {
      route("issues", "nginx");
      route("reviews", "nginx");
      look();
      var tree = (ObjectNode) RESOURCES.write(cluster.servers.get("issues"));
      var terms = tree.withObject("/spec").putObject("oidcConfig").put("type", "configMap");
      terms.putObject("configMap").put("name", "gone").put("key", "terms");
      cluster.servers.put("issues", RESOURCES.read(tree, McpServer.class));
      look();
      assertThat(cluster.condition(Kind.SERVER, "issues", "Valid"))
          .isEqualTo("False ConfigMapNotFound");
      assertThat(paths("issues")).contains("/oauth");
      assertThat(paths("reviews")).doesNotContain("/oauth");
    }

    @Test
    void is_not_waited_for_by_the_HTTPRoute_of_another_server() {
      route("issues", "nginx");
      var tree = (ObjectNode) RESOURCES.write(cluster.servers.get("reviews"));
      var route = tree.withObject("/spec/route").put("type", "gateway");
      route.putObject("gateway").put("name", "gate");
      cluster.servers.put("reviews", RESOURCES.read(tree, McpServer.class));
      look();
      assertThat(made(Kind.HTTP_ROUTE, "mcp-reviews").findValuesAsText("value"))
          .contains("/oauth", "/reviews");
    }

    @Test
    void leads_to_the_login_however_its_host_is_spelled() {
      cluster.configs.put("github", issuer("https://MCP.example.com:443"));
      route("issues", "nginx");
      look();
      assertThat(paths("issues")).contains("/oauth");
    }

    @Test
    void has_the_host_in_small_letters() {
      change("issues", "resourceUrl", "https://MCP.Example.com/issues");
      route("issues", "nginx");
      look();
      assertThat(made(Kind.INGRESS, "mcp-issues").at("/spec/rules/0/host").asText())
          .isEqualTo("mcp.example.com");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_ConfigMap_with_terms {
    private final TermsLook terms = new TermsLook(cluster, cluster, board);

    @BeforeEach
    void name() {
      cluster.configMaps.put("terms", Map.of("t", "scopes: [\"a:b\"]"));
      var tree = (ObjectNode) RESOURCES.write(cluster.servers.get("issues"));
      tree.withObject("/spec/oidcConfig").removeAll().put("type", "configMap");
      tree.withObject("/spec/oidcConfig/configMap").put("name", "terms").put("key", "t");
      cluster.servers.put("issues", RESOURCES.read(tree, McpServer.class));
    }

    private Look read() {
      return terms.at("default", "terms");
    }

    @Test
    void is_looked_at_now_and_then() {
      assertThat(look().others()).contains(new Key(Kind.CONFIG_MAP, "default", "terms"));
      assertThat(read().again()).isPresent();
    }

    @Test
    void that_is_the_same_has_no_Secret_got() {
      look();
      cluster.secretsGot = 0;
      assertThat(read().others()).isEmpty();
      assertThat(cluster.secretsGot).isZero();
    }

    @Test
    void that_has_changed_has_its_config_looked_at() {
      look();
      cluster.configMaps.put("terms", Map.of("t", "scopes: [\"c:d\"]"));
      assertThat(read().others()).containsExactly(Key.config("default", "github"));
      look();
      assertThat(read().others()).isEmpty();
    }

    @Test
    void that_is_gone_does_too() {
      look();
      cluster.configMaps.clear();
      assertThat(read().others()).containsExactly(Key.config("default", "github"));
    }

    @Test
    void that_nobody_names_any_more_is_not_looked_at_again() {
      look();
      cluster.servers.remove("issues");
      assertThat(read()).isEqualTo(Look.DONE);
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class An_object_that_the_API_server_refuses {
    private void refused(Kind kind, int status) {
      look();
      cluster.rollouts.put(keyturn(), new Rollout(1, 1, true));
      look();
      cluster.refused.put(kind, status);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 422})
    void is_told_at_its_config(int status) {
      refused(Kind.DEPLOYMENT, status);
      assertThatThrownBy(() -> configs.at("default", "github")).isInstanceOf(ApiException.class);
      assertThat(cluster.condition(Kind.CONFIG, "github", "Ready")).isEqualTo("False ApplyRefused");
      assertThat(cluster.status(Kind.CONFIG, "github").toString())
          .contains("the API server does not take deployment default/" + keyturn());
    }

    @Test
    void is_told_at_its_server() {
      refused(Kind.SERVICE, 422);
      assertThatThrownBy(() -> servers.at("default", "issues")).isInstanceOf(ApiException.class);
      assertThat(cluster.condition(Kind.SERVER, "issues", "Ready")).isEqualTo("False ApplyRefused");
    }

    @Test
    void leaves_the_servers_as_they_are() {
      refused(Kind.DEPLOYMENT, 403);
      cluster.configs.put("github", issuer("https://mcp.example.com/elsewhere"));
      assertThatThrownBy(() -> configs.at("default", "github")).isInstanceOf(ApiException.class);
      var before = Map.copyOf(cluster.made);
      servers.at("default", "issues");
      assertThat(cluster.made).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 401, 408, 409, 429, 500, 503})
    void is_no_news_while_it_may_pass(int status) {
      refused(Kind.DEPLOYMENT, status);
      assertThatThrownBy(() -> configs.at("default", "github")).isInstanceOf(ApiException.class);
      assertThat(cluster.condition(Kind.CONFIG, "github", "Ready")).isEqualTo("True UpToDate");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class What_is_not_understood {
    private Map<Key, ObjectNode> before = Map.of();

    @BeforeEach
    void run() {
      look();
      before = Map.copyOf(cluster.made);
    }

    private void later(ObjectNode tree, Kind kind) {
      tree.withObject("/spec").put("later", "s3cr3t");
      var name = tree.at("/metadata/name").asText();
      cluster.configs.remove(kind == Kind.CONFIG ? name : "");
      cluster.servers.remove(kind == Kind.SERVER ? name : "");
      cluster.unread.add(
          Reading.of(kind, tree, McpServer.class, McpServer::metadata).unread().orElseThrow());
    }

    private void server() {
      later((ObjectNode) RESOURCES.write(cluster.servers.get("issues")), Kind.SERVER);
    }

    private void config() {
      later((ObjectNode) RESOURCES.write(cluster.configs.get("github")), Kind.CONFIG);
    }

    @Test
    void keeps_what_is_made_of_its_config_and_the_config_says_why() {
      server();
      change("reviews", "resourceUrl", "https://mcp.example.com/elsewhere");
      look();
      assertThat(cluster.made).isEqualTo(before);
      assertThat(cluster.condition(Kind.CONFIG, "github", "Valid"))
          .isEqualTo("False NotUnderstood");
      assertThat(cluster.status(Kind.CONFIG, "github").toString())
          .contains("MCPServer issues: spec.later is not understood by this operator")
          .doesNotContain("s3cr3t");
    }

    @Test
    void keeps_it_after_a_start_too() {
      server();
      board.forget("default", "github");
      look();
      assertThat(cluster.made).isEqualTo(before);
    }

    @Test
    void is_still_named_by_its_config() {
      server();
      look();
      assertThat(cluster.status(Kind.CONFIG, "github").path("referencingServers").toString())
          .contains("issues", "reviews");
    }

    @Test
    void is_told_at_the_resource_and_the_rest_stays() {
      var ready = cluster.condition(Kind.SERVER, "issues", "Ready");
      server();
      look();
      assertThat(cluster.condition(Kind.SERVER, "issues", "Valid"))
          .isEqualTo("False NotUnderstood");
      assertThat(cluster.condition(Kind.SERVER, "issues", "Ready")).isEqualTo(ready);
      assertThat(cluster.status(Kind.SERVER, "issues").path("issuer").asText())
          .isEqualTo("https://mcp.example.com");
    }

    @Test
    void is_told_once_and_without_what_it_holds() {
      server();
      look();
      assertThat(cluster.notices)
          .filteredOn(notice -> notice.message().startsWith("Valid: spec.later is not understood"))
          .hasSize(1);
      assertThat(cluster.notices.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void writes_no_status_that_is_the_same() {
      server();
      var told = cluster.unread.get(0);
      servers.at("default", "issues");
      cluster.unread.set(
          0,
          new Unread(
              told.key(),
              told.metadata(),
              told.ties(),
              told.issuer(),
              cluster.status(Kind.SERVER, "issues"),
              told.because()));
      cluster.statuses.clear();
      cluster.notices.clear();
      servers.at("default", "issues");
      assertThat(cluster.statuses).isEmpty();
      assertThat(cluster.notices).isEmpty();
    }

    @Test
    void keeps_what_its_servers_have_and_they_say_why() {
      config();
      change("reviews", "image", "ghcr.io/example/reviews:2");
      look();
      assertThat(cluster.made).isEqualTo(before);
      assertThat(cluster.condition(Kind.CONFIG, "github", "Valid"))
          .isEqualTo("False NotUnderstood");
      assertThat(cluster.condition(Kind.SERVER, "reviews", "Valid"))
          .isEqualTo("False NotUnderstood");
      assertThat(cluster.status(Kind.SERVER, "reviews").path("issuer").asText())
          .isEqualTo("https://mcp.example.com");
    }

    @Test
    void keeps_it_for_a_server_after_a_start_too() {
      config();
      board.forget("default", "github");
      look();
      assertThat(cluster.made).isEqualTo(before);
      assertThat(cluster.status(Kind.SERVER, "reviews").path("issuer").asText())
          .isEqualTo("https://mcp.example.com");
    }

    @Test
    void has_its_issuer_alone() {
      var other = (ObjectNode) RESOURCES.write(cluster.configs.get("github"));
      other.withObject("/metadata").put("name", "other");
      config();
      cluster.configs.put("other", RESOURCES.read(other, ExternalAuthConfig.class));
      configs.at("default", "other");
      assertThat(cluster.made).isEqualTo(before);
      assertThat(cluster.condition(Kind.CONFIG, "other", "Valid")).isEqualTo("False NotUnderstood");
    }

    @Test
    void holds_up_the_deletion_of_what_it_names() {
      server();
      cluster.servers.clear();
      marked("github", "deletionTimestamp");
      assertThat(configs.at("default", "github").waits()).isTrue();
      assertThat(cluster.released).isEmpty();
    }

    @Test
    void is_deleted_as_any_other() {
      marked("github", "deletionTimestamp");
      config();
      configs.at("default", "github");
      assertThat(cluster.released).isEmpty();
      cluster.servers.clear();
      configs.at("default", "github");
      assertThat(cluster.released).containsExactly(Key.config("default", "github"));
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_pod {
    private Loaded told(String revision, String refused) {
      var json =
          new JsonObject()
              .put("revision", revision)
              .put("fingerprint", "f1")
              .put("refused", refused.isEmpty() ? new JsonArray() : new JsonArray().add(refused))
              .put(
                  "keys",
                  new JsonArray()
                      .add(
                          new JsonObject()
                              .put("kind", "signing")
                              .put("id", "k1")
                              .put("state", "signing")))
              .put(
                  "upstreams",
                  new JsonObject()
                      .put("github", new JsonObject().put("ready", false).put("reason", "away")));
      return Loaded.of(json);
    }

    private String pod(String revision, String refused) {
      look();
      cluster.pods.add(new PodSeen("default", "pod-a", keyturn(), "10.0.0.1", true));
      cluster.rollouts.put(keyturn(), new Rollout(1, 1, true));
      cluster.loaded.put("pod-a", told(revision, refused));
      look();
      return cluster.status(Kind.CONFIG, "github").at("/pods/0").toString();
    }

    private String revision() {
      look();
      return made(Kind.CONFIG_MAP, keyturn())
          .at("/data/keyturn.yaml")
          .asText()
          .replaceAll("(?s)^revision: \"([0-9a-f]+)\".*", "$1");
    }

    @Test
    void is_asked_where_its_template_says() {
      look();
      assertThat(made(Kind.DEPLOYMENT, keyturn()).at("/spec/template/spec/containers/0/ports"))
          .filteredOn(port -> port.path("name").asText().equals("management"))
          .extracting(port -> port.path("containerPort").asInt())
          .containsExactly(PodSeen.PORT);
    }

    @Test
    void that_has_the_newest_is_up_to_date() {
      assertThat(pod(revision(), "")).contains("\"upToDate\":true").doesNotContain("reason");
    }

    @Test
    void that_has_an_older_one_is_not() {
      assertThat(pod("older", "")).contains("\"upToDate\":false", "has not loaded the newest");
    }

    @Test
    void that_refuses_the_newest_says_why() {
      assertThat(pod(revision(), "hmac_secret_files[0] is short"))
          .contains("\"upToDate\":false", "hmac_secret_files[0] is short");
      assertThat(cluster.condition(Kind.CONFIG, "github", "KeysReady")).isEqualTo("False Refused");
    }

    @Test
    void tells_of_keys_and_providers() {
      pod(revision(), "");
      assertThat(cluster.status(Kind.CONFIG, "github").at("/keys/0/kid").asText()).isEqualTo("k1");
      assertThat(cluster.condition(Kind.CONFIG, "github", "UpstreamsReady"))
          .isEqualTo("False Unreachable");
    }

    private String ready(String server) {
      look();
      return cluster.condition(Kind.SERVER, server, "Ready");
    }

    private void rolledOut() {
      for (var name : List.of("mcp-issues", "mcp-reviews")) {
        cluster.rollouts.put(name, new Rollout(1, 1, true));
      }
    }

    @Test
    void is_told_of_at_its_servers_too() {
      rolledOut();
      pod(revision(), "");
      assertThat(cluster.status(Kind.SERVER, "issues").at("/pods/0/name").asText())
          .isEqualTo("pod-a");
      assertThat(ready("issues")).isEqualTo("True Served");
    }

    @Test
    void makes_no_server_ready_whose_image_is_not_there() {
      rolledOut();
      cluster.rollouts.put("mcp-issues", new Rollout(1, 0, false));
      pod(revision(), "");
      assertThat(ready("issues")).isEqualTo("False RollingOut");
      assertThat(cluster.status(Kind.SERVER, "issues").toString()).contains("waits for mcp-issues");
      assertThat(ready("reviews")).isEqualTo("True Served");
    }

    @Test
    void makes_no_new_server_ready_before_it_has_loaded_it() {
      rolledOut();
      pod("older", "");
      assertThat(ready("issues")).isEqualTo("False Loading");
      assertThat(cluster.status(Kind.SERVER, "issues").toString())
          .contains("pod-a has not loaded the newest configuration yet");
    }

    @Test
    void makes_no_changed_server_ready_before_it_has_loaded_it() {
      rolledOut();
      pod(revision(), "");
      assertThat(ready("issues")).isEqualTo("True Served");
      generation("issues", 2);
      cluster.loaded.put("pod-a", told("older", ""));
      assertThat(ready("issues")).isEqualTo("False Loading");
    }

    @Test
    void that_lags_behind_closes_no_server_that_it_has() {
      rolledOut();
      pod(revision(), "");
      assertThat(ready("issues")).isEqualTo("True Served");
      cluster.loaded.put("pod-a", told("older", ""));
      assertThat(ready("issues")).isEqualTo("True PodsBehind");
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_deletion {
    @Test
    void waits_for_the_servers_and_names_them() {
      marked("github", "deletionTimestamp");
      assertThat(configs.at("default", "github").waits()).isTrue();
      assertThat(cluster.released).isEmpty();
      assertThat(cluster.status(Kind.CONFIG, "github").toString()).contains("issues, reviews");
    }

    @Test
    void goes_on_without_servers() {
      cluster.servers.clear();
      marked("github", "deletionTimestamp");
      configs.at("default", "github");
      assertThat(cluster.released).containsExactly(Key.config("default", "github"));
    }

    @Test
    void of_the_whole_namespace_waits_for_nobody() {
      cluster.ending = true;
      marked("github", "deletionTimestamp");
      configs.at("default", "github");
      assertThat(cluster.released).containsExactly(Key.config("default", "github"));
    }
  }
}
