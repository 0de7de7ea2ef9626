package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClientMetadataTest {
  static ClientMetadata named(String name) {
    return new ClientMetadata(
        List.of(new RedirectUri("http://localhost/callback")),
        Set.of("refresh_token", "authorization_code"),
        Authentication.Method.NONE,
        "native",
        Scopes.parse("mcp:read mcp:write"),
        List.of("me@example.com"),
        Map.of("client_name", name, "client_name#fr", "L’" + name, "software_id", "x"));
  }

  @Test
  void survives_the_store() {
    assertThat(ClientMetadata.fromJson(named("Tool").toJson())).isEqualTo(named("Tool"));
  }

  @Test
  void the_canonical_json_is_sorted_and_has_no_blanks() {
    assertThat(named("Tool").toJson().encode())
        .isEqualTo(
            "{\"application_type\":\"native\",\"client_name\":\"Tool\","
                + "\"client_name#fr\":\"L’Tool\",\"contacts\":[\"me@example.com\"],"
                + "\"grant_types\":[\"authorization_code\",\"refresh_token\"],"
                + "\"redirect_uris\":[\"http://localhost/callback\"],"
                + "\"response_types\":[\"code\"],\"scope\":\"mcp:read mcp:write\","
                + "\"software_id\":\"x\",\"token_endpoint_auth_method\":\"none\"}");
  }

  @Test
  void the_id_is_the_hash_of_the_canonical_json() {
    assertThat(named("Tool").id()).isEqualTo(Digest.of(named("Tool").toJson().encode()));
  }

  @Test
  void the_id_changes_with_every_member() {
    assertThat(named("Tool").id()).isNotEqualTo(named("Other").id());
  }

  @Test
  void an_id_that_would_name_a_user_is_hashed_again() {
    var unlucky =
        IntStream.range(0, 1_000_000)
            .mapToObj(i -> named("Tool " + i))
            .filter(metadata -> Digest.of(metadata.toJson().encode()).startsWith("u_"))
            .findFirst()
            .orElseThrow();
    assertThat(unlucky.id())
        .isEqualTo(Digest.of(Digest.of(unlucky.toJson().encode())))
        .doesNotStartWith("u_");
  }

  @Test
  void the_names_in_languages_are_known_by_their_tags_in_lower_case() {
    var metadata =
        ClientMetadata.fromJson(named("Tool").toJson().put("client_name#pt-BR", "Ferramenta"));
    assertThat(metadata.localNames()).isEqualTo(Map.of("fr", "L’Tool", "pt-br", "Ferramenta"));
  }

  private static ClientMetadata by(Authentication.Method method, Optional<ClientKeys> keys) {
    return new ClientMetadata(
        List.of(new RedirectUri("https://a.example/callback")),
        Set.of("authorization_code"),
        method,
        "web",
        Scopes.NONE,
        List.of(),
        keys,
        LogoutUris.NONE,
        Map.of());
  }

  private static ClientKeys keys() {
    return ClientKeys.published(URI.create("https://a.example/jwks"), Optional.of("ES256"));
  }

  @Test
  void what_says_no_more_than_it_must_survives_the_store() {
    var least = by(Authentication.Method.CLIENT_SECRET_BASIC, Optional.empty());
    assertThat(ClientMetadata.fromJson(least.toJson())).isEqualTo(least);
  }

  @Test
  void where_to_go_after_a_logout_survives_the_store() {
    var logout =
        new LogoutUris(
            List.of("https://a.example/bye"), Optional.of(URI.create("https://a.example/told")));
    var metadata =
        new ClientMetadata(
            List.of(new RedirectUri("https://a.example/callback")),
            Set.of("authorization_code"),
            Authentication.Method.NONE,
            "web",
            Scopes.NONE,
            List.of(),
            Optional.empty(),
            logout,
            Map.of());
    assertThat(ClientMetadata.fromJson(metadata.toJson())).isEqualTo(metadata);
  }

  @Test
  void keys_survive_the_store() {
    var signing = by(Authentication.Method.PRIVATE_KEY_JWT, Optional.of(keys()));
    assertThat(ClientMetadata.fromJson(signing.toJson())).isEqualTo(signing);
  }

  @Test
  void nothing_empty_is_in_the_canonical_json() {
    assertThat(by(Authentication.Method.NONE, Optional.empty()).toJson().fieldNames())
        .doesNotContain("scope", "contacts", "jwks", "jwks_uri", "client_name");
  }

  @Test
  void a_member_that_is_no_text_is_no_claim() {
    assertThat(ClientMetadata.fromJson(named("Tool").toJson().put("software_version", 7)))
        .isEqualTo(named("Tool"));
  }

  @Test
  void no_name_is_an_empty_one() {
    assertThat(by(Authentication.Method.NONE, Optional.empty()).name()).isEmpty();
  }

  @Test
  void to_sign_takes_keys() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> by(Authentication.Method.PRIVATE_KEY_JWT, Optional.empty()))
        .withMessageContaining("keys");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PRIVATE_KEY_JWT")
  void keys_are_for_no_other_method(Authentication.Method method) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> by(method, Optional.of(keys())))
        .withMessageContaining("keys");
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, false, false",
    "CLIENT_SECRET_BASIC, true, true",
    "CLIENT_SECRET_POST, true, true",
    "PRIVATE_KEY_JWT, true, false",
  })
  void the_method_says_how_a_client_proves_itself(
      Authentication.Method method, boolean confidential, boolean secret) {
    var own = Optional.of(keys()).filter(any -> method == Authentication.Method.PRIVATE_KEY_JWT);
    assertThat(by(method, own))
        .returns(confidential, ClientMetadata::isConfidential)
        .returns(secret, ClientMetadata::hasSecret);
  }
}
