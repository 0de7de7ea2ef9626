package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Secret;
import dev.keyturn.gateway.Unauthenticated;
import dev.keyturn.gateway.UpstreamInject;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.http.Limit;
import dev.keyturn.http.Proxies;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.store.file.StoreFolder;
import dev.keyturn.store.redis.Address;
import dev.keyturn.store.redis.RedisAccess;
import dev.keyturn.store.redis.RedisConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RunConfigReaderTest {
  private static final String GOOD =
      """
      issuer: https://as.example.com
      storage: {type: memory}
      allowed_audiences: ['https://mcp.example.com']
      upstreams: [{type: oidc, oidc_config: {issuer_url: 'https://idp.example.com', client_id: c}}]
      """;

  private static final GivenCertificate CERTIFICATE = GivenCertificate.good();

  @TempDir private static Path folder;

  private final RunConfigReader reader =
      new RunConfigReader(Map.of("SECRET", "s3cr3t"), new SecureRandom());

  @BeforeEach
  void write_files() throws IOException {
    for (var key : List.of("p256-pkcs8.pem", "rsa2048-pkcs8.pem")) {
      try (var in = getClass().getResourceAsStream("/dev/keyturn/keys/" + key)) {
        Files.write(folder.resolve(key), Objects.requireNonNull(in).readAllBytes());
      }
    }
    Files.write(folder.resolve("thirty-two"), new byte[32]);
    Files.writeString(folder.resolve("short"), "short-marker");
    Files.writeString(folder.resolve("empty"), "\n");
    Files.writeString(folder.resolve("client-secret"), "file-s3cr3t\n");
    Files.writeString(folder.resolve("tls.crt"), CERTIFICATE.certificatePem());
    Files.writeString(folder.resolve("tls.key"), CERTIFICATE.keyPem());
  }

  private Optional<RunConfig> read(String document) {
    return reader.read(document, folder);
  }

  private RunConfig valid(String document) {
    var config = read(document);
    assertThat(errors()).isEmpty();
    return config.orElseThrow();
  }

  /** The good document with {@code fragment} in the place of the settings that it names. */
  private static String with(String fragment) {
    var settings = new LinkedHashMap<String, String>();
    GOOD.lines().forEach(line -> settings.put(line.split(":", 2)[0], line));
    for (var setting : fragment.split(" ;; ", -1)) {
      settings.put(setting.split(":", 2)[0], setting);
    }
    return String.join("\n", settings.values());
  }

  private List<String> errors() {
    return reader.findings().errors().stream().map(Finding::toString).toList();
  }

  private List<String> warnings() {
    return reader.findings().warnings().stream().map(Finding::toString).toList();
  }

  /** What a file says of a Redis that several processes share. */
  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Redis {
    private static final String SHARED =
        "hmac_secret_files: [thirty-two] ;; storage: {type: redis, redis_config: {addr: 'r:1',"
            + " key_prefix: k%s}}";

    private RunConfig shared(String more) {
      return valid(with(SHARED.formatted(more)));
    }

    private RedisConfig config(String more) {
      return ((StorageConfig.InRedis) shared(more).storage()).config();
    }

    @Test
    void is_one_server_without_tls_that_waits_for_nobody() {
      assertThat(config(""))
          .isEqualTo(
              new RedisConfig(
                  new RedisConfig.Standalone(new Address("r", 1)),
                  "k",
                  new RedisConfig.Timeouts(
                      Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(3)),
                  Optional.empty(),
                  Optional.empty(),
                  new RedisConfig.Waiting(0, Duration.ofMillis(500))));
    }

    @Test
    void has_vault_keys_that_are_made_from_the_hmac_secrets() {
      assertThat(shared("").secrets().vault()).isEmpty();
    }

    @Test
    void has_its_own_vault_keys_where_they_are_named() {
      var document = SHARED.formatted("").replace("hmac_secret_files:", "vault: {key_files:");
      assertThat(valid(with(document.replace("thirty-two]", "thirty-two]}"))).secrets().vault())
          .hasSize(1);
    }

    @Test
    void is_a_cluster_where_that_is_said() {
      assertThat(config(", cluster_mode: true").place())
          .isEqualTo(new RedisConfig.Cluster(new Address("r", 1)));
    }

    @Test
    void speaks_tls_where_the_mapping_is_there_at_all() {
      assertThat(config(", tls: {}").tls()).contains(new RedisConfig.Tls(false));
    }

    @Test
    void is_opened_with_the_password_of_a_file_and_says_nothing_of_it() {
      var access =
          shared(", acl_user_config: {password_file: client-secret}")
              .secrets()
              .redis()
              .orElseThrow();
      assertThat(access.password()).contains(new Secret("file-s3cr3t"));
      assertThat(access.user()).isEmpty();
      assertThat(access.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void is_opened_without_a_password_where_the_file_is_empty() {
      assertThat(shared(", acl_user_config: {password_file: empty}").secrets().redis())
          .contains(RedisAccess.NONE);
    }

    @Test
    void warns_of_a_password_that_is_not_live_and_of_tls_with_anybody() {
      shared(", acl_user_config: {password_env_var: SECRET}, tls: {insecure_skip_verify: true}");
      assertThat(warnings())
          .anyMatch(it -> it.startsWith("storage.redis_config.acl_user_config.password_env_var is"))
          .anyMatch(it -> it.startsWith("storage.redis_config.tls.insecure_skip_verify lets"));
    }

    /** Else a changed password would wait for a restart. */
    @Test
    void is_the_same_storage_with_another_password() {
      assertThat(shared(", acl_user_config: {password_file: client-secret}").storage())
          .isEqualTo(shared("").storage());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "findings.psv", delimiter = '|', maxCharsPerColumn = 8192)
  void finds(String fragment, String finding) {
    assertThat(read(with(fragment))).isEmpty();
    assertThat(errors()).containsExactly(finding.replace("FOLDER/", folder.resolve("") + "/"));
  }

  @ParameterizedTest
  @CsvSource({
    "upstreams, 'upstreams is missing: name the identity provider that logs people in'",
    "issuer, issuer is missing",
    "allowed_audiences, 'allowed_audiences is missing: name the MCP server that tokens are for, or"
        + " a gateway backend'"
  })
  void misses(String setting, String finding) {
    var document =
        GOOD.lines().filter(line -> !line.startsWith(setting)).collect(Collectors.joining("\n"));
    assertThat(read(document)).isEmpty();
    assertThat(errors()).containsExactly(finding);
  }

  @Test
  void reports_all_mistakes_together() {
    read(with("issuer: http://as.example.com\nserver: {port: -1}\nclients: [{}]\nisuer: x"));
    assertThat(errors())
        .containsExactlyInAnyOrder(
            "issuer must be https: http is for loopback, or with insecure_allow_http: true",
            "server.port must be between 0 and 65535",
            "clients[0].client_id is missing",
            "clients[0].redirect_uris must name at least one URI",
            "isuer is unknown: did you mean issuer?");
  }

  @Test
  void finds_the_mistakes_of_every_upstream() {
    var upstream = "{name: %s, type: oidc, oidc_config: {issuer_url: 'https://i.example'%s}}";
    read(
        with(
            "upstreams: ["
                + upstream.formatted("a", ", client_id: c")
                + ", "
                + upstream.formatted("b", "")
                + "]"));
    assertThat(errors()).containsExactly("upstreams[1].oidc_config.client_id is missing");
  }

  @Test
  void asks_for_no_client_id_where_one_is_to_be_registered() {
    read(with(registering()));
    assertThat(errors()).isEmpty();
  }

  @Test
  void warns_where_a_client_that_was_registered_is_forgotten() {
    read(with(registering()));
    assertThat(warnings())
        .contains(
            "upstreams[0].oauth2_config.dcr_config registers anew at each start: storage of type"
                + " memory forgets the client");
  }

  @Test
  void does_not_warn_where_a_client_that_was_registered_is_kept() {
    read(with(registering()).replace("type: memory", "type: file"));
    assertThat(warnings()).noneMatch(warning -> warning.contains("dcr_config"));
  }

  private static String registering() {
    return "upstreams: [{type: oauth2, oauth2_config: {authorization_endpoint:"
        + " 'https://a.example', token_endpoint: 'https://a.example/t', dcr_config:"
        + " {discovery_url: 'https://a.example/d'}}}]";
  }

  @Test
  void never_quotes_a_secret() {
    read(
        with(
            "upstreams: [{type: oidc, oidc_config: {issuer_url: x, client_id: c,"
                + " client_secret_env_var: SECRET}}]\nhmac_secret_files: [short]"));
    assertThat(reader.findings().all().toString())
        .doesNotContain("s3cr3t")
        .doesNotContain("short-marker");
  }

  @Test
  void finds_more_scopes_than_can_be_granted() {
    var many = IntStream.range(0, 101).mapToObj(i -> "s" + i).collect(Collectors.joining(", "));
    read(with("scopes_supported: [" + many + "]"));
    assertThat(errors()).containsExactly("scopes_supported must be at most 100 scopes");
  }

  @Test
  void finds_more_scopes_than_can_be_granted_in_server_and_backends_together() {
    var many = IntStream.range(0, 98).mapToObj(i -> "s" + i).collect(Collectors.joining(", "));
    read(
        with(
            "gateway: {backends: [{path: /mcp, url: 'http://127.0.0.1:1/', scopes: ["
                + many
                + "]}]}"));
    assertThat(errors())
        .containsExactly(
            "scopes_supported and the scopes of the backends must be at most 100 together");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n: x: y: [", "{\"issuer\": \"https://a\",\n \"server\": }", "a: &x 1\nb: *x"})
  void says_where_a_document_is_broken(String document) {
    assertThat(read(document)).isEmpty();
    assertThat(errors())
        .singleElement()
        .asString()
        .matches("the configuration cannot be read: line [12], column \\d+: .+");
  }

  @Test
  void finds_a_setting_that_is_given_twice() {
    read(GOOD + "issuer: https://other.example.com\n");
    assertThat(errors())
        .singleElement()
        .asString()
        .startsWith("the configuration cannot be read: line 5, column ")
        .contains("issuer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "x", "- a"})
  void a_document_must_be_a_mapping(String document) {
    read(document);
    assertThat(errors()).isNotEmpty();
  }

  @Test
  void json_is_as_good_as_yaml() {
    valid(
        """
        {"issuer": "https://as.example.com", "storage": {"type": "memory"},
         "allowed_audiences": ["https://mcp.example.com"],
         "upstreams": [{"type": "oidc", "oidc_config":
           {"issuer_url": "https://idp.example.com", "client_id": "c"}}]}
        """);
  }

  @Test
  void reads_the_files_that_it_is_given_and_nothing_from_the_disk() {
    var asked = new ArrayList<Path>();
    var given =
        new RunConfigReader(
            recording(asked), Map.of(), new Ephemeral(new SecureRandom()), Clock.systemUTC());
    given.read(
        with(
            "upstreams: [{type: oidc, oidc_config: {issuer_url: 'https://i.example', client_id: c,"
                + " client_secret_file: s}}]\n"
                + "signing_key_config: {signing_key_file: k, fallback_key_files: [l]}\n"
                + "hmac_secret_files: [h]\n"
                + "vault: {key_files: [v]}"),
        Path.of("/given"));
    assertThat(given.findings().errors()).isEmpty();
    assertThat(asked)
        .extracting(path -> path.getFileName().toString())
        .containsExactlyInAnyOrder("s", "k", "l", "h", "v");
  }

  /** Files that are on no disk. */
  private static SecretFiles recording(List<Path> asked) {
    var contents =
        Map.of(
            "/given/k", "p256-pkcs8.pem",
            "/given/l", "rsa2048-pkcs8.pem",
            "/given/s", "thirty-two",
            "/given/h", "thirty-two",
            "/given/v", "thirty-two");
    return new SecretFiles() {
      @Override
      public byte[] read(Path file) throws IOException {
        asked.add(file);
        var name = Objects.requireNonNull(contents.get(file.toString()));
        return name.endsWith(".pem")
            ? Files.readAllBytes(folder.resolve(name))
            : "h".repeat(32).getBytes(StandardCharsets.US_ASCII);
      }

      @Override
      public List<Path> list(Path directory) {
        return List.of();
      }
    };
  }

  @Nested
  class A_minimal_document {
    private final RunConfig config = valid(GOOD);

    @Test
    void listens_on_loopback() {
      assertThat(config.listen())
          .isEqualTo(new Listen("127.0.0.1", 8080, "127.0.0.1", 9090, Optional.empty()));
    }

    @Test
    void trusts_no_proxy_and_has_every_limit() {
      assertThat(config.door().proxies()).isEqualTo(Proxies.NONE);
      assertThat(config.door().perMinute()).containsEntry(Limit.TOKEN_PER_ADDRESS, 6000);
      assertThat(config.door().perMinute().values()).doesNotContain(0);
    }

    @Test
    void offers_the_usual_scopes() {
      assertThat(config.granting().offer().scopes())
          .isEqualTo(Scopes.parse("openid profile email offline_access"));
    }

    @Test
    void comes_back_from_the_provider_to_the_issuer() {
      assertThat(config.upstream().redirectUri())
          .hasToString("https://as.example.com/oauth/callback");
    }

    @Test
    void is_seen_by_browsers_as_the_issuer() {
      assertThat(config.browser()).isEqualTo(config.issuer());
    }

    @Test
    void is_warned_of_all_that_a_restart_loses() {
      assertThat(warnings())
          .containsExactlyInAnyOrder(
              "signing_key_config.signing_key_file is missing: tokens are signed with a key that is"
                  + " made now and lost at the next start",
              "hmac_secret_files is missing: codes and refresh tokens are signed with a secret that"
                  + " is made now and lost at the next start",
              "vault.key_files is missing: upstream tokens are sealed with a key that is made now"
                  + " and lost at the next start, like the memory store");
    }
  }

  /** Nobody is logged out by a restart unless somebody asked for it. */
  @Nested
  class The_file_store {
    private static final String FILE = "storage: {file_config: {path: kept}}";
    private static final byte[] ZEROS = "0".repeat(32).getBytes(StandardCharsets.US_ASCII);

    @TempDir private Path own;

    private RunConfig here(String storage) {
      var config = reader.read(with(storage), own);
      assertThat(errors()).isEmpty();
      return config.orElseThrow();
    }

    private void write(String key) throws IOException {
      Files.createDirectories(own.resolve("kept"));
      Files.writeString(own.resolve("kept/vault.key"), key);
    }

    @Test
    void is_used_where_no_storage_is_named() {
      valid(GOOD.replace("storage: {type: memory}\n", ""));
      assertThat(reader.storage()).isEqualTo(inFile(folder.resolve("keyturn-data")));
    }

    @Test
    void is_in_the_folder_that_is_named() {
      assertThat(here(FILE).storage()).isEqualTo(inFile(own.resolve("kept")));
    }

    @Test
    void is_given_a_vault_key_that_is_not_written_yet() {
      assertThat(here(FILE).secrets().vault()).singleElement().isNotEqualTo(new byte[32]);
      assertThat(own).isEmptyDirectory();
    }

    @Test
    void goes_on_with_the_vault_key_beside_it() throws IOException {
      write("0".repeat(32));
      assertThat(here(FILE).secrets().vault()).containsExactly(ZEROS);
    }

    @Test
    void goes_on_with_that_key_when_its_file_is_gone() throws IOException {
      write("0".repeat(32));
      here(FILE);
      Files.delete(own.resolve("kept/vault.key"));
      assertThat(here(FILE).secrets().vault()).containsExactly(ZEROS);
    }

    @Test
    void warns_of_no_lost_vault_key() {
      here(FILE);
      assertThat(warnings()).noneMatch(warning -> warning.startsWith("vault"));
    }

    @Test
    void warns_where_its_vault_key_is_gone() throws IOException {
      Files.createDirectories(own.resolve("kept"));
      Files.createFile(own.resolve("kept/store.mv"));
      here(FILE);
      assertThat(warnings())
          .contains(
              "storage.file_config.path names a store whose vault.key is gone: who logged in before"
                  + " logs in once more");
    }

    @Test
    void needs_no_key_beside_it_where_one_is_named() throws IOException {
      write("half");
      Files.write(own.resolve("thirty-two"), new byte[32]);
      assertThat(here(FILE + "\nvault: {key_files: [thirty-two]}").secrets().vault())
          .containsExactly(new byte[32]);
    }

    @Test
    void is_refused_with_half_a_vault_key_beside_it() throws IOException {
      write("half");
      assertThat(reader.read(with(FILE), own)).isEmpty();
      assertThat(errors())
          .containsExactly(
              "storage.file_config.path names "
                  + own.resolve("kept/vault.key")
                  + ", which must hold 32 random bytes, raw or in base64");
    }

    private StorageConfig inFile(Path path) {
      return new StorageConfig.InFile(new StoreFolder(path));
    }
  }

  @Test
  void http_is_allowed_where_the_operator_says_so() {
    assertThat(valid(with("issuer: http://as.example.com\ninsecure_allow_http: true")).issuer())
        .hasToString("Issuer[value=http://as.example.com]");
  }

  @Test
  void a_backend_path_may_be_beside_our_endpoints() {
    valid(with("gateway: {backends: [{path: /oauth/tokens, url: 'http://127.0.0.1:1/'}]}"));
  }

  @Test
  void a_backend_may_have_an_endpoints_path_where_the_issuer_has_another() {
    valid(
        with(
            "issuer: https://as.example.com/as\n"
                + "gateway: {backends: [{path: /oauth/token, url: 'http://127.0.0.1:1/'}]}"));
  }

  @Nested
  class A_full_document {
    private final RunConfig config = valid(FULL);

    private static final String FULL =
        """
        schema_version: v0.1.0
        issuer: https://as.example.com/as
        authorization_endpoint_base_url: https://login.example.com
        insecure_allow_http: false
        disable_upstream_token_injection: false
        server:
          host: 0.0.0.0
          port: 8443
          management_host: 127.0.0.1
          management_port: 9443
          trusted_proxies: [10.0.0.0/8, "2001:db8::1"]
          forwarded_header: forwarded
          tls: {cert_file: tls.crt, key_file: tls.key}
        signing_key_config:
          key_dir: .
          signing_key_file: p256-pkcs8.pem
          fallback_key_files: [rsa2048-pkcs8.pem]
          jwks_max_age: 10m
        hmac_secret_files: [thirty-two]
        vault: {key_files: [thirty-two]}
        storage: {type: memory}
        cimd: {enabled: false}
        consent: {mode: always, trusted_clients: []}
        token_lifespans:
          access_token_lifespan: 30m
          refresh_token_lifespan: 48h
          auth_code_lifespan: 5m
        refresh: {grace: 30s, replay_window: 12h, replay: window, absolute_lifetime: 240h}
        upstreams:
          - name: okta
            type: oidc
            oidc_config:
              issuer_url: https://idp.example.com
              client_id: keyturn
              client_secret_file: client-secret
              token_endpoint_auth_method: client_secret_basic
              scopes: [openid, email]
              additional_authorization_params: {audience: api}
              subject_claim: sub
              nonce: required
        scopes_supported: [openid, email, "mcp:read"]
        allowed_audiences: ["https://other.example.com"]
        clients:
          - client_id: cli
            client_name: Our Client
            redirect_uris: ["http://localhost/cb"]
            grant_types: [authorization_code, refresh_token]
            scopes: [openid]
            audiences: ["https://other.example.com/"]
            token_endpoint_auth_method: none
            pkce: required
            require_par: false
        rate_limits: {enabled: true, token_per_address: 5, register_per_address: 0}
        registration: {enabled: true, unused_ttl: 12h, max_clients: 5, scopes: [openid], schemes: [acme]}
        gateway:
          backends:
            - path: /mcp
              resource: https://mcp.example.com/mcp
              url: http://127.0.0.1:9000/mcp
              scopes: ["mcp:read"]
              outgoing: {type: upstreamInject, provider: okta, header: X-Token}
            - {path: /open, url: "http://127.0.0.1:9001", outgoing: {type: unauthenticated}}
        """;

    @Test
    void has_addresses() {
      assertThat(config.issuer().value()).isEqualTo("https://as.example.com/as");
      assertThat(config.browser().value()).isEqualTo("https://login.example.com");
      assertThat(config.upstream().redirectUri())
          .hasToString("https://login.example.com/oauth/callback");
    }

    @Test
    void has_files_relative_to_the_folder() {
      assertThat(config.listen().tls())
          .contains(new Listen.Tls(List.of(CERTIFICATE.certificate()), CERTIFICATE.key()));
      assertThat(config.upstream().clientSecret().orElseThrow().value()).isEqualTo("file-s3cr3t");
    }

    @Test
    void has_keys_in_their_order() {
      assertThat(GivenConfig.keys(config).algorithms()).containsExactly("ES256", "RS256");
      assertThat(config.secrets().jwksMaxAge()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void has_lifespans() {
      var lifespans = config.granting().lifespans();
      assertThat(lifespans.accessToken()).isEqualTo(Duration.ofMinutes(30));
      assertThat(lifespans.refreshToken()).isEqualTo(Duration.ofDays(2));
      assertThat(lifespans.code()).isEqualTo(Duration.ofMinutes(5));
      assertThat(lifespans.session()).isEqualTo(Duration.ofDays(10));
      assertThat(lifespans.grace()).isEqualTo(Duration.ofSeconds(30));
      assertThat(lifespans.replayWindow()).isEqualTo(Duration.ofHours(12));
    }

    @Test
    void has_audiences_of_the_list_and_then_of_the_backends() {
      assertThat(config.granting().offer().audiences())
          .extracting(ResourceIndicator::value)
          .containsExactly(
              "https://other.example.com",
              "https://mcp.example.com/mcp",
              "https://as.example.com/open");
    }

    @Test
    void has_backends_with_what_they_are_given() {
      assertThat(config.backends().get(0).outgoing())
          .isEqualTo(new UpstreamInject("okta", "X-Token"));
      assertThat(config.backends().get(1).outgoing()).isInstanceOf(Unauthenticated.class);
    }

    @Test
    void has_a_ceiling_for_strangers() {
      assertThat(config.granting().offer().strangersCeiling()).contains(Scopes.parse("openid"));
      assertThat(config.registration().maxClients()).isEqualTo(5);
    }

    @Test
    void has_nothing_to_warn_of() {
      assertThat(warnings()).isEmpty();
    }

    @Test
    void listens_elsewhere_where_the_command_line_says_so() {
      var there = config.listeningAt(Optional.of("127.0.0.1"), Optional.of(1234)).listen();
      assertThat(there.host()).isEqualTo("127.0.0.1");
      assertThat(there.port()).isEqualTo(1234);
      assertThat(there.managementPort()).isEqualTo(9443);
    }
  }
}
