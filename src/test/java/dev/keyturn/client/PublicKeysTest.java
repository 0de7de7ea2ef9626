package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.keyturn.given.SigningClient;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7517, section 5. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PublicKeysTest {
  private static final ECKey KEY = SigningClient.newKey();
  private static final JsonObject GOOD = publicHalf(KEY);
  private static final String NO_ARRAY = "must hold an array of 1 to 10 keys";
  private static final String SECRET = "shows a private or shared key";
  private static final String NONE_VERIFIES =
      "holds no key that verifies here: RSA of 2048 to 8192 bits, P-256, P-384, P-521";

  private static JsonObject publicHalf(JWK key) {
    return new JsonObject(key.toPublicJWK().toJSONString());
  }

  /** The public half of an RSA key whose modulus has so many bytes. */
  private static JsonObject rsa(int bytes) {
    var modulus = new byte[bytes];
    Arrays.fill(modulus, (byte) 0xFF);
    return new JsonObject()
        .put("kty", "RSA")
        .put("n", Base64URL.encode(modulus).toString())
        .put("e", "AQAB");
  }

  /** The base point of a curve that is not for signatures here. */
  private static JsonObject bitcoin() {
    return new JsonObject()
        .put("kty", "EC")
        .put("crv", "secp256k1")
        .put("x", "eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g")
        .put("y", "SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg");
  }

  private static JsonObject set(JsonObject... keys) {
    return new JsonObject().put("keys", new JsonArray(List.<Object>of((Object[]) keys)));
  }

  private static List<JWK> parse(JsonObject set) {
    return PublicKeys.parse(set.toBuffer());
  }

  private static void refuses(String set, String because) {
    var text = Buffer.buffer(set);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PublicKeys.parse(text))
        .withMessage(because);
  }

  static Stream<Named<JsonObject>> keysThatVerify() throws JOSEException {
    return Stream.of(
        Named.of("P-256", GOOD),
        Named.of("P-384", publicHalf(new ECKeyGenerator(Curve.P_384).generate())),
        Named.of("P-521", publicHalf(new ECKeyGenerator(Curve.P_521).generate())),
        Named.of("for signatures", GOOD.copy().put("use", "sig")),
        Named.of("RSA of 2048 bits", rsa(256)),
        Named.of("RSA of 8192 bits", rsa(1024)));
  }

  @ParameterizedTest
  @MethodSource("keysThatVerify")
  void a_key_that_verifies_is_read(JsonObject key) {
    assertThat(parse(set(key)))
        .extracting(read -> new JsonObject(read.toJSONString()))
        .containsExactly(key);
  }

  static Stream<Named<JsonObject>> keysThatDoNot() {
    return Stream.of(
        Named.of("for encryption", GOOD.copy().put("use", "enc")),
        Named.of("RSA of 2040 bits", rsa(255)),
        Named.of("RSA of 8200 bits", rsa(1025)),
        Named.of("a curve of another kind", bitcoin()),
        Named.of("a curve that nobody knows", GOOD.copy().put("crv", "P-1")),
        Named.of("a point beside the curve", GOOD.copy().put("y", "AQAB")),
        Named.of(
            "Ed25519",
            new JsonObject()
                .put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")),
        Named.of("a kind that nobody knows", new JsonObject().put("kty", "ML-DSA")),
        Named.of("no kind", new JsonObject()));
  }

  @ParameterizedTest
  @MethodSource("keysThatDoNot")
  void a_key_that_does_not_verify_is_left_out(JsonObject key) {
    assertThat(parse(set(key, GOOD))).extracting(JWK::getKeyID).containsExactly(KEY.getKeyID());
  }

  @ParameterizedTest
  @MethodSource("keysThatDoNot")
  void a_set_of_which_no_key_verifies_is_refused(JsonObject key) {
    refuses(set(key).encode(), NONE_VERIFIES);
  }

  static Stream<Named<JsonObject>> secrets() {
    return Stream.of(
        Named.of("a private key", new JsonObject(KEY.toJSONString())),
        Named.of("a shared key", new JsonObject().put("kty", "oct").put("k", "AQAB")),
        Named.of("a shared key that hides", new JsonObject().put("kty", "oct")),
        Named.of("a shared key of no kind", new JsonObject().put("k", "AQAB")),
        Named.of("null where a private half is", GOOD.copy().putNull("d")),
        Named.of("a factor, from which the private half follows", GOOD.copy().put("p", "AQAB")));
  }

  /** Of 1, of 65536, and of 33 bits, with which verifying would take long. */
  @ParameterizedTest
  @ValueSource(strings = {"AQ", "AQAA", "AQAAAAE"})
  void an_rsa_key_with_another_exponent_than_a_small_odd_one_verifies_nothing(String exponent) {
    refuses(set(rsa(256).put("e", exponent)).encode(), NONE_VERIFIES);
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void a_set_that_shows_a_secret_is_refused_as_a_whole(JsonObject secret) {
    refuses(set(GOOD, secret).encode(), SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"keys\":null}",
        "{\"keys\":\"none\"}",
        "{\"keys\":{\"kty\":\"EC\"}}",
        "{\"keys\":[]}"
      })
  void a_set_without_an_array_of_keys_is_refused(String set) {
    refuses(set, NO_ARRAY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{\"keys\":", "{\"keys\":[],\"keys\":[]}"})
  void what_is_no_object_is_refused(String text) {
    refuses(text, "must be a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"keys\":[1]}", "{\"keys\":[\"EC\"]}", "{\"keys\":[[]]}"})
  void what_is_no_key_is_none(String set) {
    refuses(set, NONE_VERIFIES);
  }

  private static JsonObject times(int count) {
    return set(IntStream.range(0, count).mapToObj(i -> GOOD).toArray(JsonObject[]::new));
  }

  @Test
  void a_set_holds_ten_keys() {
    assertThat(parse(times(10))).hasSize(10);
  }

  @Test
  void a_set_of_more_is_refused() {
    refuses(times(11).encode(), NO_ARRAY);
  }

  @Test
  void what_was_written_is_read_again() {
    var keys = parse(set(GOOD, rsa(256)));
    assertThat(PublicKeys.parse(Buffer.buffer(PublicKeys.write(keys)))).isEqualTo(keys);
  }

  @Test
  void the_name_of_a_key_is_that_of_its_public_half() {
    assertThat(PublicKeys.thumbprint(KEY)).isEqualTo(PublicKeys.thumbprint(KEY.toPublicJWK()));
  }
}
