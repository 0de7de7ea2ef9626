package dev.keyturn.client;

import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.oauth.OAuthException;
import java.text.ParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A signed statement by which a client says that it is itself, before anybody has looked at the
 * signature.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-2.2">RFC 7523, section 2.2</a>
 */
record ClientAssertion(SignedJWT jwt, JWTClaimsSet claims) {
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /** Never unsigned, and never by a secret, which would be the client's public key. */
  static final List<JWSAlgorithm> ALGORITHMS =
      List.of(
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512,
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512);

  private static final int MAX_LENGTH = 8 * 1024;
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++");
  private static final Set<String> REFUSED_PARAMETERS =
      Set.of("crit", "b64", "jwk", "jku", "x5c", "x5u", "zip", "enc");

  /** Tokens of other kinds that the same key may have signed are none of these. */
  private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");

  /** The assertion that {@code text} is. */
  static ClientAssertion parse(String text) {
    if (text.length() > MAX_LENGTH || !COMPACT.matcher(text).matches()) {
      throw refusal("is not a signed JWT");
    }
    try {
      var jwt = SignedJWT.parse(text);
      requireHeader(jwt.getHeader());
      return new ClientAssertion(jwt, jwt.getJWTClaimsSet());
    } catch (ParseException | IllegalArgumentException e) {
      throw refusal("is not a signed JWT");
    }
  }

  /** The names of the algorithms that assertions may be signed under. */
  static List<String> algorithms() {
    return ALGORITHMS.stream().map(JWSAlgorithm::getName).toList();
  }

  static boolean isAlgorithm(String name) {
    return algorithms().contains(name);
  }

  /** Who it says that it is, which nobody has proven yet. */
  String clientId() {
    return Optional.ofNullable(claims.getSubject())
        .orElseThrow(() -> refusal("has no sub, which is the client_id"));
  }

  static OAuthException refusal(String complaint) {
    return INVALID_CLIENT.because("client_assertion " + complaint);
  }

  private static void requireHeader(JWSHeader header) {
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      throw refusal("must be signed under one of " + String.join(", ", algorithms()));
    }
    if (header.getIncludedParams().stream().anyMatch(REFUSED_PARAMETERS::contains)) {
      throw refusal("has a header parameter that is refused here");
    }
    var type =
        Stream.ofNullable(header.getType()).map(typ -> typ.getType().toLowerCase(Locale.ROOT));
    if (!type.map(typ -> typ.startsWith("application/") ? typ.substring(12) : typ)
        .allMatch(TYPES::contains)) {
      throw refusal("is a token of another type");
    }
  }
}
