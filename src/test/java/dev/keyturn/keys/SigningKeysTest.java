package dev.keyturn.keys;

import static dev.keyturn.keys.GivenKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SigningKeysTest {
  private static final SigningKey EC = key("p256-pkcs8.pem");
  private static final SigningKey RSA = key("rsa2048-pkcs8.pem");
  private static final SigningKey ED = key("ed25519-pkcs8.pem");
  private static final SigningKeys ALL =
      SigningKeys.of(EC, List.of(key("p384-sec1.pem"), key("p521-pkcs8.pem"), RSA, ED));

  private final SecureRandom random = new SecureRandom();

  @Test
  void the_first_key_signs() {
    assertThat(ALL.signer()).containsSame(EC);
  }

  @Test
  void a_fallback_key_is_found_by_its_kid() {
    assertThat(ALL.find(RSA.kid())).contains(RSA.publicHalf());
  }

  @Test
  void an_unknown_kid_is_not_found() {
    assertThat(ALL.find("other")).isEmpty();
  }

  @Test
  void a_kid_is_the_thumbprint_of_the_public_key() throws Exception {
    var jwk = ALL.jwks().getJsonArray("keys").getJsonObject(0);
    var canonical =
        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
            .formatted(jwk.getString("x"), jwk.getString("y"));
    var hash =
        MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
    assertThat(EC.kid()).isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
  }

  @Test
  void the_same_key_in_another_format_has_the_same_kid() {
    assertThat(key("p256-sec1.pem").kid()).isEqualTo(EC.kid());
  }

  @Test
  void the_jwk_set_holds_every_key_with_its_public_members_only() {
    assertThat(ALL.jwks().getJsonArray("keys"))
        .map(key -> ((JsonObject) key).fieldNames())
        .map(List::copyOf)
        .satisfiesExactly(
            ec ->
                assertThat(ec)
                    .containsExactlyInAnyOrder("kty", "use", "alg", "kid", "crv", "x", "y"),
            ec ->
                assertThat(ec)
                    .containsExactlyInAnyOrder("kty", "use", "alg", "kid", "crv", "x", "y"),
            ec ->
                assertThat(ec)
                    .containsExactlyInAnyOrder("kty", "use", "alg", "kid", "crv", "x", "y"),
            rsa -> assertThat(rsa).containsExactlyInAnyOrder("kty", "use", "alg", "kid", "n", "e"),
            ed -> assertThat(ed).containsExactlyInAnyOrder("kty", "use", "alg", "kid", "crv", "x"));
  }

  @Test
  void the_jwk_set_is_one_that_others_read() throws Exception {
    var read = JWKSet.parse(ALL.jwks().encode()).getKeyByKeyId(RSA.kid());
    assertThat(read.toRSAKey().toPublicKey()).isEqualTo(GivenKeys.publicKey("rsa2048.pub", "RSA"));
  }

  @Test
  void keys_are_published_for_signatures() {
    assertThat(ALL.jwks().getJsonArray("keys"))
        .allMatch(key -> ((JsonObject) key).getString("use").equals("sig"));
  }

  @Test
  void algorithms_follow_the_kinds_of_the_keys() {
    assertThat(ALL.algorithms()).containsExactly("ES256", "ES384", "ES512", "RS256", "EdDSA");
  }

  @Test
  void an_algorithm_of_two_keys_is_named_once() {
    assertThat(SigningKeys.of(EC, List.of(SigningKey.generate(random))).algorithms())
        .containsExactly("ES256");
  }

  @Test
  void the_same_key_twice_is_refused() {
    assertThatThrownBy(() -> SigningKeys.of(EC, List.of(RSA, key("p256-sec1.pem"))))
        .hasMessage("the signing key " + EC.kid() + " is listed twice");
  }

  @Test
  void as_many_keys_as_are_known_at_once_are_taken() {
    assertThat(SigningKeys.of(EC, generated(SigningKeys.MAX - 1)).all()).hasSize(SigningKeys.MAX);
  }

  @Test
  void more_keys_than_are_known_at_once_are_refused() {
    assertThatThrownBy(() -> SigningKeys.of(EC, generated(SigningKeys.MAX)))
        .hasMessageContaining("there are 33 signing keys; at most 32");
  }

  @Test
  void an_ephemeral_key_signs_es256() {
    assertThat(SigningKeys.ephemeral(random).algorithms()).containsExactly("ES256");
  }

  @Test
  void two_ephemeral_keys_differ() {
    assertThat(SigningKeys.ephemeral(random).signer().orElseThrow().kid())
        .isNotEqualTo(SigningKeys.ephemeral(random).signer().orElseThrow().kid());
  }

  @Test
  void a_pair_whose_halves_do_not_belong_together_is_refused() {
    var other = SigningKey.generate(random).pair();
    var mixed = new KeyPair(other.getPublic(), EC.pair().getPrivate());
    assertThatThrownBy(() -> SigningKey.of(mixed)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void its_text_shows_kids_and_nothing_else() {
    assertThat(Map.of(SigningKeys.of(EC, List.of(RSA)).toString(), EC.toString()))
        .containsExactly(
            Map.entry(
                "SigningKeys[" + EC.kid() + ", " + RSA.kid() + "]",
                "SigningKey[" + EC.kid() + "]"));
  }

  private List<SigningKey> generated(int count) {
    return IntStream.range(0, count).mapToObj(i -> SigningKey.generate(random)).toList();
  }
}
