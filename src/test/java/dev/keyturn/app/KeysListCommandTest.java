package dev.keyturn.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.keys.SigningKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeysListCommandTest {
  @TempDir private Path folder;

  @Test
  void tells_kid_algorithm_state_and_file() throws IOException {
    var file = copy("p256-pkcs8.pem", "a.pem");
    var kid = SigningKey.fromPem(Files.readAllBytes(file)).kid();
    var run = GivenCommand.run("keys", "list", folder);
    assertThat(run).isEqualTo(new GivenCommand(0, kid + "  ES256  signs      " + file + "\n", ""));
  }

  @Test
  void the_last_name_in_byte_order_signs() throws IOException {
    copy("p256-pkcs8.pem", "a.pem");
    copy("p384-pkcs8.pem", "B.pem");
    copy("ed25519-pkcs8.pem", "\u00e9.pem");
    assertThat(GivenCommand.run("keys", "list", folder).out().lines())
        .map(line -> line.replaceAll("^\\S+ +(\\S+) +(\\S+) .*/", "$1 $2 "))
        .containsExactly(
            "ES384 published B.pem", "ES256 published a.pem", "EdDSA signs \u00e9.pem");
  }

  @Test
  void a_file_of_its_own_is_published() throws IOException {
    var file = copy("rsa2048-pkcs8.pem", "a.pem");
    assertThat(GivenCommand.run("keys", "list", file).out()).contains("  RS256  published  ");
  }

  @Test
  void other_files_of_a_directory_are_none_of_its_business() throws IOException {
    copy("p256-pkcs8.pem", "a.pem");
    copy("p384-pkcs8.pem", "z.pem.bak");
    Files.createDirectory(folder.resolve("z.pem"));
    assertThat(GivenCommand.run("keys", "list", folder).out()).hasLineCount(1).contains(" signs ");
  }

  @Test
  void json_holds_the_same() throws IOException {
    var file = copy("p256-pkcs8.pem", "a.pem");
    var kid = SigningKey.fromPem(Files.readAllBytes(file)).kid();
    assertThat(new JsonArray(GivenCommand.run("keys", "list", "--json", folder).out()))
        .containsExactly(
            new JsonObject()
                .put("file", file.toString())
                .put("kid", kid)
                .put("algorithm", "ES256")
                .put("state", "signs"));
  }

  @Test
  void a_JWK_set_holds_public_halves_alone() throws IOException {
    var file = copy("p256-pkcs8.pem", "a.pem");
    var run = GivenCommand.run("keys", "list", "--jwks", file);
    assertThat(new JsonObject(run.out()).getJsonArray("keys"))
        .singleElement(InstanceOfAssertFactories.type(JsonObject.class))
        .satisfies(
            jwk ->
                assertThat(jwk.fieldNames())
                    .containsExactlyInAnyOrder("kty", "crv", "x", "y", "use", "alg", "kid"))
        .returns(SigningKey.fromPem(Files.readAllBytes(file)).kid(), jwk -> jwk.getString("kid"));
  }

  @Test
  void a_JWK_set_holds_each_key_once_and_the_rest_is_told() throws IOException {
    var one = copy("rsa2048-pkcs8.pem", "a.pem");
    var same = copy("rsa2048-pkcs1.pem", "b.pem");
    var bad = copy("refused/half.pem", "c.pem");
    var run = GivenCommand.run("keys", "list", "--jwks", one, same, bad);
    assertThat(new JsonObject(run.out()).getJsonArray("keys")).hasSize(1);
    assertThat(run.err()).startsWith("keyturn: " + bad + " holds a PEM block");
    assertThat(run.exit()).isEqualTo(1);
  }

  @Test
  void a_JWK_set_and_lines_are_not_printed_together() throws IOException {
    var file = copy("p256-pkcs8.pem", "a.pem");
    assertThat(GivenCommand.run("keys", "list", "--jwks", "--json", file).exit()).isEqualTo(2);
    assertThat(GivenCommand.run("keys", "list", "--jwks", "--server", "http://127.0.0.1:9").exit())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "refused/public-key.pem, holds a public key",
    "refused/half.pem, holds a PEM block without its begin or its end",
    "refused/rsa-pss.pem, holds an RSA key that is restricted to PSS",
    "refused/truncated-der.pem, holds a private key that is damaged"
  })
  void a_file_without_a_usable_key_is_a_line_and_exit_code_1(String name, String because)
      throws IOException {
    copy("p256-pkcs8.pem", "a.pem");
    var bad = copy(name, "b.pem");
    var run = GivenCommand.run("keys", "list", folder);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).hasLineCount(1).startsWith("keyturn: " + bad + " " + because);
    assertThat(run.out()).hasLineCount(1).contains("published");
  }

  @Test
  void json_says_what_is_wrong_too() throws IOException {
    copy("refused/public-key.pem", "b.pem");
    var run = GivenCommand.run("keys", "list", "--json", folder);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(new JsonArray(run.out()).getJsonObject(0).getString("problem"))
        .startsWith("holds a public key");
  }

  @Test
  void the_same_key_twice_is_what_a_server_would_refuse() throws IOException {
    copy("p256-pkcs8.pem", "a.pem");
    copy("p256-sec1.pem", "b.pem");
    var run = GivenCommand.run("keys", "list", folder);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("is listed twice");
  }

  @Test
  void a_directory_without_keys_is_a_line_and_exit_code_1() {
    var run = GivenCommand.run("keys", "list", folder);
    assertThat(run)
        .isEqualTo(new GivenCommand(1, "", "keyturn: " + folder + " holds no file *.pem\n"));
  }

  @Test
  void a_file_that_is_not_there_is_a_line_and_exit_code_1() {
    var run = GivenCommand.run("keys", "list", folder.resolve("no.pem"));
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("keyturn: " + folder.resolve("no.pem") + " does not exist\n");
  }

  @Test
  void nothing_named_is_a_mistake_of_the_command_line() {
    assertThat(GivenCommand.run("keys", "list").exit()).isEqualTo(2);
  }

  @Test
  void no_line_holds_anything_of_a_key() throws IOException {
    var pem = Files.readString(copy("p256-pkcs8.pem", "a.pem"));
    var run = GivenCommand.run("keys", "list", "--json", folder);
    assertThat(pem.lines().filter(line -> !line.startsWith("-")).toList())
        .isNotEmpty()
        .noneMatch(run.out()::contains);
    assertThat(new JsonArray(run.out()).getJsonObject(0).fieldNames())
        .containsExactlyInAnyOrder("file", "kid", "algorithm", "state");
  }

  private Path copy(String resource, String name) throws IOException {
    var file = folder.resolve(name);
    try (var in = getClass().getResourceAsStream("/dev/keyturn/keys/" + resource)) {
      Files.write(file, Objects.requireNonNull(in).readAllBytes());
    }
    return file;
  }
}
