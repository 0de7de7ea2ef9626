package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.JWKSet;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.SigningClient;
import dev.keyturn.oauth.RedirectUri;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentReaderTest {
  private static final String URL = "https://a.example/c";
  private static final String BACK = "https://a.example/cb";
  private static final String METHOD = "token_endpoint_auth_method";
  private static final DocumentReader READER = new DocumentReader(Set.of("cursor"));

  private static JsonObject document() {
    return McpClient.document(URL, BACK);
  }

  private static JsonObject signing() {
    return SigningClient.document(URL, BACK);
  }

  private static ClientDocument read(JsonObject document) {
    return READER.read(URL, document.toBuffer());
  }

  private static String fault(JsonObject document) {
    return fault(document.encode());
  }

  private static String fault(String text) {
    return catchThrowableOfType(UnusableDocument.class, () -> READER.read(URL, Buffer.buffer(text)))
        .fault();
  }

  @Test
  void the_client_is_known_by_the_url() {
    assertThat(read(document()).id()).isEqualTo(URL);
  }

  @Test
  void what_is_not_known_is_not_heard() {
    assertThat(read(document().put("logo_uri", 7).put("x", new JsonObject())))
        .isEqualTo(read(document()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "null", "\"c\"", "{", "{} {}", "{\"a\":1,\"a\":2}", "/**/{}", "<html>"})
  void what_is_not_one_json_object_is_refused(String text) {
    assertThat(fault(text)).isEqualTo("no-object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://a.example/C", "https://a.example/c/", "https://b.example/c", "a", ""})
  void the_document_of_another_client_is_refused(String id) {
    assertThat(fault(document().put("client_id", id))).isEqualTo("other-client");
  }

  @Test
  void a_document_that_names_no_client_is_refused() {
    var nobody = document();
    nobody.remove("client_id");
    assertThat(fault(nobody)).isEqualTo("other-client");
  }

  @Test
  void a_client_id_that_is_no_text_is_refused() {
    assertThat(fault(document().put("client_id", new JsonArray().add(URL))))
        .isEqualTo("other-client");
  }

  @Test
  void a_refusal_names_the_host_and_nothing_of_the_document() {
    var refusal =
        catchThrowableOfType(
            UnusableDocument.class,
            () -> read(document().put("client_secret", "hidden").put("client_name", "Marker")));
    assertThat(refusal).hasMessage("a.example: SECRET");
  }

  @Nested
  class A_secret {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "client_secret_basic",
          "client_secret_post",
          "client_secret_jwt",
          "Client_Secret_Basic",
          "client_secret_new"
        })
    void is_no_method_of_a_document(String method) {
      assertThat(fault(document().put(METHOD, method))).isEqualTo("secret");
    }

    @Test
    void is_not_shown() {
      assertThat(fault(document().put("client_secret", ""))).isEqualTo("secret");
    }

    @Test
    void does_not_expire() {
      assertThat(fault(document().put("client_secret_expires_at", 0))).isEqualTo("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret", "client_secret_expires_at", METHOD})
    void that_is_null_is_none(String member) {
      assertThat(read(document().putNull(member)).keys()).isEmpty();
    }

    @Test
    void is_refused_of_a_client_that_signs_too() {
      assertThat(fault(signing().put("client_secret", "hidden"))).isEqualTo("secret");
    }
  }

  @Nested
  class The_keys {
    @Test
    void are_none_of_a_public_client() {
      assertThat(read(document()).method()).isEqualTo(Authentication.Method.NONE);
    }

    @Test
    void may_be_listed() {
      var key = SigningClient.newKey();
      var keys = read(SigningClient.document(URL, SigningClient.jwks(key), BACK)).keys();
      assertThat(keys.orElseThrow().listed()).containsExactly(key.toPublicJWK());
    }

    @Test
    void may_be_published() {
      var published = signing().put("jwks_uri", "https://a.example/jwks");
      published.remove("jwks");
      assertThat(read(published).keys().orElseThrow().url())
          .contains(URI.create("https://a.example/jwks"));
    }

    @Test
    void that_are_listed_say_that_the_client_signs() {
      var silent = signing();
      silent.remove(METHOD);
      assertThat(read(silent).method()).isEqualTo(Authentication.Method.PRIVATE_KEY_JWT);
    }

    @Test
    void that_are_published_say_that_the_client_signs() {
      var silent = document().put("jwks_uri", "https://a.example/jwks");
      silent.remove(METHOD);
      assertThat(read(silent).method()).isEqualTo(Authentication.Method.PRIVATE_KEY_JWT);
    }

    @Test
    void that_are_not_there_say_that_the_client_is_public() {
      var silent = document();
      silent.remove(METHOD);
      assertThat(read(silent).method()).isEqualTo(Authentication.Method.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "tls_client_auth", "PRIVATE_KEY_JWT", ""})
    void do_not_count_under_another_method(String method) {
      assertThat(read(signing().put(METHOD, method)).keys()).isEmpty();
    }

    @Test
    void must_be_there_for_a_client_that_signs() {
      assertThat(fault(document().put(METHOD, "private_key_jwt"))).isEqualTo("keys");
    }

    @Test
    void must_not_be_in_two_places() {
      assertThat(fault(signing().put("jwks_uri", "https://a.example/jwks"))).isEqualTo("keys");
    }

    @Test
    void must_not_be_private() {
      var whole = new JsonObject(new JWKSet(SigningClient.newKey()).toString(false));
      assertThat(fault(signing().put("jwks", whole))).isEqualTo("keys");
    }

    @Test
    void must_be_published_over_https() {
      var published = document().put(METHOD, "private_key_jwt");
      assertThat(fault(published.put("jwks_uri", "http://a.example/jwks"))).isEqualTo("keys");
    }

    @Test
    void must_sign_under_an_algorithm_that_is_known() {
      assertThat(fault(signing().put("token_endpoint_auth_signing_alg", "none"))).isEqualTo("keys");
    }
  }

  @Nested
  class The_redirect_uris {
    @ParameterizedTest
    @ValueSource(
        strings = {"https://b.example/cb", "http://localhost/cb", "com.example:/cb", "cursor://cb"})
    void of_a_public_client_may_lead_to_an_app(String uri) {
      assertThat(redirects(document(), uri)).containsExactly(new RedirectUri(uri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://b.example/cb", "vscode://cb", "javascript:x", "/cb", "", " "})
    void are_left_out_where_they_are_not_allowed(String uri) {
      assertThat(redirects(document(), uri, BACK)).containsExactly(new RedirectUri(BACK));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/cb", "com.example:/cb", "cursor://cb"})
    void of_a_client_that_signs_lead_to_no_app(String uri) {
      assertThat(redirects(signing(), uri, BACK)).containsExactly(new RedirectUri(BACK));
    }

    @Test
    void are_left_out_where_they_are_no_text() {
      var mixed = new JsonArray().add(7).addNull().add(new JsonArray().add(BACK)).add(BACK);
      assertThat(read(document().put("redirect_uris", mixed)).redirectUris())
          .containsExactly(new RedirectUri(BACK));
    }

    @Test
    void count_up_to_the_twentieth() {
      var many = IntStream.range(0, 30).mapToObj(i -> BACK + i).toArray(String[]::new);
      assertThat(redirects(document(), many))
          .hasSize(20)
          .last()
          .hasToString(new RedirectUri(BACK + 19).toString());
    }

    @Test
    void must_be_some() {
      assertThat(fault(with(document()))).isEqualTo("redirect-uris");
    }

    @Test
    void must_be_some_that_are_allowed() {
      assertThat(fault(with(document(), "http://b.example/cb"))).isEqualTo("redirect-uris");
    }

    @Test
    void must_be_some_on_the_web_of_a_client_that_signs() {
      assertThat(fault(with(signing(), "http://localhost/cb"))).isEqualTo("redirect-uris");
    }

    @Test
    void must_be_a_list() {
      assertThat(fault(document().put("redirect_uris", BACK))).isEqualTo("redirect-uris");
    }

    @Test
    void must_be_there() {
      var silent = document();
      silent.remove("redirect_uris");
      assertThat(fault(silent)).isEqualTo("redirect-uris");
    }

    private static JsonObject with(JsonObject document, String... uris) {
      return document.put("redirect_uris", new JsonArray(List.of(uris)));
    }

    private static List<RedirectUri> redirects(JsonObject document, String... uris) {
      return read(with(document, uris)).redirectUris();
    }
  }

  @Nested
  class The_grants {
    @Test
    void are_code_and_refresh_unless_named() {
      assertThat(read(document()).grantTypes())
          .containsExactlyInAnyOrder("authorization_code", "refresh_token");
    }

    @Test
    void are_code_and_refresh_where_they_are_null() {
      assertThat(read(document().putNull("grant_types")).grantTypes()).hasSize(2);
    }

    @Test
    void may_be_fewer() {
      assertThat(grants(new JsonArray().add("authorization_code")))
          .containsExactly("authorization_code");
    }

    @Test
    void that_are_not_offered_are_left_out() {
      assertThat(grants(new JsonArray().add("client_credentials").add("refresh_token").add(7)))
          .containsExactly("refresh_token");
    }

    @Test
    void that_are_no_list_are_none() {
      assertThat(grants("authorization_code")).isEmpty();
    }

    private static Set<String> grants(Object named) {
      return read(document().put("grant_types", named)).grantTypes();
    }
  }

  @Nested
  class The_name {
    @Test
    void is_read() {
      assertThat(read(document()).name()).isEqualTo(new ClientName("Some Editor"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void must_not_be_blank(String name) {
      assertThat(fault(document().put("client_name", name))).isEqualTo("no-name");
    }

    @Test
    void must_be_there() {
      var silent = document();
      silent.remove("client_name");
      assertThat(fault(silent)).isEqualTo("no-name");
    }

    @Test
    void must_be_there_in_no_language_in_particular() {
      var french = document().put("client_name#fr", "Éditeur");
      french.remove("client_name");
      assertThat(fault(french)).isEqualTo("no-name");
    }

    @ParameterizedTest
    @CsvSource({"255, 255", "256, 256", "257, 256", "3000, 256"})
    void is_cut_at_256_characters(int given, int kept) {
      assertThat(read(document().put("client_name", "n".repeat(given))).name().plain())
          .hasSize(kept);
    }

    @Test
    void in_some_languages_is_known_by_tags_in_lower_case() {
      var names = document().put("client_name#fr", "Éditeur").put("client_name#pt-BR", "Editor");
      assertThat(read(names).name().local()).isEqualTo(Map.of("fr", "Éditeur", "pt-br", "Editor"));
    }

    @Test
    void in_a_language_is_cut_too() {
      assertThat(read(document().put("client_name#fr", "n".repeat(257))).name().local().get("fr"))
          .hasSize(256);
    }

    @Test
    void is_told_in_forty_languages_at_most() {
      var names = document();
      IntStream.range(0, 50).forEach(i -> names.put("client_name#x-" + i, "Editor"));
      assertThat(read(names).name().local()).hasSize(40);
    }
  }
}
