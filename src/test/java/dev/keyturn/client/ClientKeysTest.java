package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import dev.keyturn.given.SigningClient;
import dev.keyturn.http.StrictJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7591, section 2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientKeysTest {
  private static final ECKey KEY = SigningClient.newKey();
  private static final List<JWK> KEYS = List.of(KEY.toPublicJWK());
  private static final String URL = "https://client.example/keys.json";

  private static JsonNode read(JsonObject metadata) {
    return StrictJson.object(metadata.toBuffer()).orElseThrow();
  }

  private static ClientKeys of(JsonObject metadata) {
    return ClientKeys.of(read(metadata));
  }

  private static JsonObject listing() {
    return new JsonObject().put("jwks", SigningClient.jwks(KEY));
  }

  private static JsonObject publishing(String url) {
    return new JsonObject().put("jwks_uri", url);
  }

  private static void refuses(JsonObject metadata, String because) {
    var node = read(metadata);
    assertThatIllegalArgumentException().isThrownBy(() -> ClientKeys.of(node)).withMessage(because);
  }

  @Nested
  class Of_metadata {
    private static final String ONE_OF_BOTH = "jwks or jwks_uri must be given, and not both";

    @Test
    void are_those_that_it_lists() {
      assertThat(of(listing())).isEqualTo(ClientKeys.listed(KEYS, Optional.empty()));
    }

    @Test
    void are_those_at_the_url_that_it_names() {
      assertThat(of(publishing(URL)))
          .isEqualTo(ClientKeys.published(URI.create(URL), Optional.empty()));
    }

    @Test
    void must_be_named() {
      refuses(new JsonObject(), ONE_OF_BOTH);
    }

    @Test
    void are_not_named_by_null() {
      refuses(new JsonObject().putNull("jwks").putNull("jwks_uri"), ONE_OF_BOTH);
    }

    @Test
    void are_not_both_listed_and_published() {
      refuses(listing().put("jwks_uri", URL), ONE_OF_BOTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES512", "RS256", "PS384"})
    void sign_under_the_one_algorithm_that_it_names(String algorithm) {
      assertThat(of(listing().put("token_endpoint_auth_signing_alg", algorithm)).algorithm())
          .contains(algorithm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "es256", "EdDSA", ""})
    void sign_under_no_algorithm_that_is_not_known_here(String algorithm) {
      refuses(
          listing().put("token_endpoint_auth_signing_alg", algorithm),
          "token_endpoint_auth_signing_alg must be one of"
              + " ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512");
    }

    @Test
    void are_refused_by_the_name_of_the_member_if_the_set_is_wrong() {
      refuses(
          new JsonObject().put("jwks", new JsonObject().put("keys", new JsonArray())),
          "jwks must hold an array of 1 to 10 keys");
    }

    @Test
    void are_refused_if_one_of_them_is_private() {
      refuses(
          new JsonObject()
              .put(
                  "jwks",
                  new JsonObject()
                      .put("keys", new JsonArray().add(new JsonObject(KEY.toString())))),
          "jwks shows a private or shared key");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://client.example/keys.json",
          "HTTPS://client.example/keys.json",
          "//client.example/keys.json",
          "keys.json",
          "https:keys.json",
          "https:///keys.json",
          "https://client example/keys.json",
          "https://client.example/%zz",
          "file:///etc/passwd",
          ""
        })
    void are_published_at_an_https_url_only(String url) {
      refuses(publishing(url), "jwks_uri must be an https URL");
    }

    @Test
    void are_published_at_a_text() {
      refuses(
          new JsonObject().put("jwks_uri", new JsonArray().add(URL)),
          "jwks_uri must be an https URL");
    }

    @Test
    void may_be_published_at_a_url_of_2048_characters() {
      var longest = URL + "?" + "x".repeat(2048 - URL.length() - 1);
      assertThat(of(publishing(longest)).url()).contains(URI.create(longest));
    }

    @Test
    void are_not_published_at_a_longer_url() {
      refuses(
          publishing(URL + "?" + "x".repeat(2048 - URL.length())), "jwks_uri must be an https URL");
    }
  }

  @Nested
  class As_a_value {
    private static final String NOT_BOTH = "keys are listed or published, and not both";

    @Test
    void are_not_neither_listed_nor_published() {
      var none = List.<JWK>of();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ClientKeys.listed(none, Optional.empty()))
          .withMessage(NOT_BOTH);
    }

    @Test
    void are_not_both() {
      var url = Optional.of(URI.create(URL));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ClientKeys(KEYS, url, Optional.empty()))
          .withMessage(NOT_BOTH);
    }

    @Test
    void that_are_listed_are_committed_to_by_their_thumbprints() {
      var other = SigningClient.newKey();
      var both =
          ClientKeys.listed(List.of(KEY.toPublicJWK(), other.toPublicJWK()), Optional.empty());
      assertThat(both.names())
          .containsExactlyInAnyOrder(PublicKeys.thumbprint(KEY), PublicKeys.thumbprint(other));
    }

    @Test
    void that_are_published_are_committed_to_by_their_url() {
      assertThat(ClientKeys.published(URI.create(URL), Optional.empty()).names())
          .containsExactly(URL);
    }
  }

  @Nested
  class In_the_store {
    @Test
    void that_are_listed_are_the_same_again() {
      var keys = ClientKeys.listed(KEYS, Optional.of("ES256"));
      assertThat(ClientKeys.fromJson(keys.toJson())).contains(keys);
    }

    @Test
    void that_are_published_are_the_same_again() {
      var keys = ClientKeys.published(URI.create(URL), Optional.of("PS256"));
      assertThat(ClientKeys.fromJson(keys.toJson())).contains(keys);
    }

    @Test
    void of_any_algorithm_stay_so() {
      var keys = ClientKeys.listed(KEYS, Optional.empty());
      assertThat(ClientKeys.fromJson(keys.toJson())).contains(keys);
    }

    @Test
    void are_none_if_nothing_says_any() {
      assertThat(
              ClientKeys.fromJson(new JsonObject().put("token_endpoint_auth_signing_alg", "ES256")))
          .isEmpty();
    }

    @Test
    void that_are_published_name_no_list() {
      assertThat(ClientKeys.published(URI.create(URL), Optional.empty()).toJson())
          .isEqualTo(publishing(URL));
    }

    @Test
    void that_are_listed_show_no_private_half() {
      var keys = ClientKeys.listed(List.of(KEY), Optional.empty());
      assertThat(keys.toJson()).isEqualTo(listing());
    }
  }
}
