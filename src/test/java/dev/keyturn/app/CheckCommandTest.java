package dev.keyturn.app;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.idp.IdentityProvider;
import dev.keyturn.store.file.FileStore;
import dev.keyturn.store.file.StoreFolder;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckCommandTest {
  private static final String MARKER = "marker-that-is-secret";

  private final Vertx vertx = Vertx.vertx();
  private final IdentityProvider provider =
      new IdentityProvider(
          vertx,
          new IdentityProvider.Config(
              "127.0.0.1",
              0,
              List.of(),
              Duration.ofMinutes(5),
              Clock.systemUTC(),
              new SecureRandom()));
  private final StringWriter out = new StringWriter();

  @TempDir private Path folder;
  private String issuer = "";

  @BeforeEach
  void start() {
    issuer = done(provider.start()).toString();
  }

  @AfterEach
  void stop() {
    done(provider.stop());
    done(vertx.close());
  }

  private int check(String issuerUrl, String further, String... options) throws IOException {
    return checkWith("{type: memory}", issuerUrl, further, options);
  }

  private int checkStore(Path store) throws IOException {
    return checkWith(
        "{type: file, file_config: {path: \"" + store + "\"}}", issuer, "", "--offline");
  }

  private int checkWith(String storage, String issuerUrl, String further, String... options)
      throws IOException {
    var secret = Files.writeString(folder.resolve("secret"), MARKER);
    var config =
        Files.writeString(
            folder.resolve("keyturn.yaml"),
            """
            issuer: http://127.0.0.1:8080
            allowed_audiences: [http://127.0.0.1:8080/mcp]
            storage: %s
            upstreams:
              - type: oidc
                oidc_config: {issuer_url: "%s", client_id: c, client_secret_file: "%s"}
            %s
            """
                .formatted(storage, issuerUrl, secret, further));
    return new CommandLine(new CheckCommand())
        .setOut(new PrintWriter(out, true))
        .execute(
            Stream.concat(Stream.of("--config", config.toString()), Stream.of(options))
                .toArray(String[]::new));
  }

  @Test
  void says_that_a_configuration_can_be_used() throws IOException {
    assertThat(check(issuer, "")).isZero();
    assertThat(out.toString()).endsWith("keyturn.yaml can be used\n");
  }

  @Test
  void lists_warnings_of_one_that_can_be_used() throws IOException {
    check(issuer, "");
    assertThat(out.toString()).contains("warning: hmac_secret_files is missing");
  }

  @Test
  void finds_a_provider_that_is_away() throws IOException {
    done(provider.stop());
    assertThat(check(issuer, "")).isEqualTo(1);
    assertThat(out.toString()).contains("error: upstreams[0] is not usable: 127.0.0.1 did not");
  }

  @Test
  void finds_a_provider_of_another_name() throws IOException {
    assertThat(check(issuer.replace("127.0.0.1", "localhost"), "")).isEqualTo(1);
    assertThat(out.toString()).contains("error: upstreams[0] is not usable");
  }

  @Test
  void asks_no_provider_offline() throws IOException {
    done(provider.stop());
    assertThat(check(issuer, "", "--offline")).isZero();
  }

  @Test
  void lists_every_mistake() throws IOException {
    assertThat(check(issuer, "isuer: x\nserver: {port: many}")).isEqualTo(1);
    assertThat(out.toString())
        .contains(
            "error: server.port must be a whole number",
            "error: isuer is unknown: did you mean issuer?",
            "keyturn.yaml cannot be used");
  }

  @Test
  void lists_them_as_json() throws IOException {
    assertThat(check(issuer, "isuer: x", "--json")).isEqualTo(1);
    var told = new JsonObject(out.toString());
    assertThat(told.getBoolean("usable")).isFalse();
    assertThat(told.getJsonArray("findings"))
        .contains(
            new JsonObject()
                .put("severity", "error")
                .put("setting", "isuer")
                .put("message", "is unknown: did you mean issuer?"));
  }

  @Test
  void prints_no_secret() throws IOException {
    check(issuer, "isuer: x");
    assertThat(out.toString()).doesNotContain(MARKER);
  }

  @Test
  void makes_no_store() throws IOException {
    assertThat(checkStore(folder.resolve("data"))).isZero();
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void finds_a_store_that_cannot_be_made() throws IOException {
    var taken = Files.writeString(folder.resolve("data"), "");
    assertThat(checkStore(taken)).isEqualTo(1);
    assertThat(out.toString())
        .contains("error: storage.file_config.path cannot be used: " + taken + " is not a folder")
        .contains("or write storage: {type: memory}, which forgets everything at a restart");
  }

  @Test
  void finds_a_store_of_a_newer_version() throws IOException {
    var store = new StoreFolder(folder.resolve("data"));
    Files.createDirectories(store.path());
    try (var newer = MVStore.open(store.data().toString())) {
      newer.setStoreVersion(1000);
    }
    assertThat(checkStore(store.path())).isEqualTo(1);
    assertThat(out.toString()).contains("was written by a newer Keyturn: it is left as it is");
  }

  @Test
  void only_warns_of_a_store_that_is_in_use_by_the_server() throws IOException {
    var path = folder.resolve("data");
    var store = FileStore.open(new StoreFolder(path), Clock.systemUTC(), 10, kind -> {});
    assertThat(checkStore(path)).isZero();
    assertThat(out.toString())
        .contains("warning: storage.file_config.path cannot be opened now: ")
        .contains("is in use by process " + ProcessHandle.current().pid());
    done(store.close());
  }

  @Test
  void warns_of_a_store_to_which_everybody_may_write() throws IOException {
    var path = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(checkStore(path)).isZero();
    assertThat(out.toString()).contains("to which everybody may write: chmod o-w");
  }
}
