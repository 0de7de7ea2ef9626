package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

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
}
