package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.keys.SigningAlgorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of key in a whole server: what the token endpoint issues, everything else takes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyKindsFlowTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ES256, p256-pkcs8.pem, SHA-256",
    "ES384, p384-pkcs8.pem, SHA-384",
    "ES512, p521-pkcs8.pem, SHA-512",
    "RS256, rsa2048-pkcs8.pem, SHA-256",
    "RS384, rsa2048-pkcs8.pem, SHA-384",
    "RS512, rsa2048-pkcs8.pem, SHA-512",
    "PS256, rsa2048-pkcs8.pem, SHA-256",
    "PS384, rsa2048-pkcs8.pem, SHA-384",
    "PS512, rsa2048-pkcs8.pem, SHA-512",
    "EdDSA, ed25519-pkcs8.pem, SHA-512"
  })
  void a_token_of_this_kind_works_everywhere(String algorithm, String file, String hash)
      throws Exception {
    try (var story = KeyStory.of(folder, file, setting(algorithm))) {
      var tokens = story.logIn();
      var access = tokens.getString("access_token");
      var idToken = SignedJWT.parse(tokens.getString("id_token"));
      assertThat(SignedJWT.parse(access).getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
      assertThat(idToken.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
      assertThat(idToken.getJWTClaimsSet().getStringClaim("at_hash"))
          .as("at_hash")
          .isEqualTo(leftHalf(hash, access));
      assertThat(story.throughGateway(access)).as("gateway").isEqualTo(200);
      assertThat(story.userinfo(access)).as("userinfo").isEqualTo(200);
      assertThat(story.throughGateway(changed(access))).as("changed token").isEqualTo(401);
      assertThat(story.metadata().getJsonArray("id_token_signing_alg_values_supported"))
          .containsExactly(algorithm);
    }
  }

  private static Optional<String> setting(String algorithm) {
    return Arrays.stream(SigningAlgorithm.values())
        .map(SigningAlgorithm::wire)
        .filter(name -> name.equals(algorithm) && name.matches("[RP]S.*"))
        .findFirst();
  }

  private static String leftHalf(String hash, String token) throws Exception {
    var digest = MessageDigest.getInstance(hash).digest(token.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(digest, digest.length / 2));
  }

  private static String changed(String token) {
    var at = token.lastIndexOf('.') + 20;
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }
}
