package dev.keyturn.keys;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.oauth.OAuthException;
import java.text.ParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A signed token that somebody showed us, and the key of ours that it names.
 *
 * <p>The algorithm is one that the key knows ({@link VerificationKey#verifiable}), never any that a
 * token may think of; keys that a token brings along or points to make it refused, so that nobody
 * ever follows them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725#section-3.1">RFC 8725, section 3.1</a>
 */
record PresentedToken(SignedJWT jwt, VerificationKey key) {
  static final int MAX_LENGTH = 8 * 1024;

  /** Three parts of base64url; more lenient decoders take one token in many spellings. */
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++");

  private static final Set<String> REFUSED_PARAMETERS =
      Set.of("crit", "b64", "jwk", "jku", "x5c", "x5u", "zip", "enc");
  private static final String APPLICATION = "application/";

  /** The token that {@code text} is, before its signature was looked at. */
  static PresentedToken parse(String text, String typ, SigningKeys keys) {
    if (text.length() > MAX_LENGTH) {
      throw INVALID_TOKEN.because("the token is longer than " + MAX_LENGTH + " characters");
    }
    if (!COMPACT.matcher(text).matches()) {
      throw notSigned();
    }
    try {
      var jwt = SignedJWT.parse(text);
      requireType(jwt.getHeader(), typ);
      return new PresentedToken(jwt, keyOf(jwt.getHeader(), keys));
    } catch (ParseException | IllegalArgumentException e) {
      throw notSigned();
    }
  }

  /** The claims, once the signature has been verified, if its key signed at the time. */
  JWTClaimsSet claims() {
    try {
      var claims = jwt.getJWTClaimsSet();
      if (!key.isOfItsTime(claims)) {
        throw INVALID_TOKEN.because("the token's key had stopped signing");
      }
      return claims;
    } catch (ParseException e) {
      throw INVALID_TOKEN.because("the token holds no claims");
    }
  }

  private static void requireType(JWSHeader header, String typ) {
    var actual = Optional.ofNullable(header.getType()).map(type -> normal(type.getType()));
    if (!actual.equals(Optional.of(normal(typ)))) {
      throw INVALID_TOKEN.because("the token is of another type");
    }
  }

  private static VerificationKey keyOf(JWSHeader header, SigningKeys keys) {
    if (header.getIncludedParams().stream().anyMatch(REFUSED_PARAMETERS::contains)) {
      throw INVALID_TOKEN.because("the token has a header parameter that is refused here");
    }
    var key =
        Optional.ofNullable(header.getKeyID())
            .flatMap(keys::find)
            .orElseThrow(() -> INVALID_TOKEN.because("the token was not signed by a key of ours"));
    if (key.verifiable().stream()
        .map(SigningAlgorithm::jws)
        .noneMatch(header.getAlgorithm()::equals)) {
      throw INVALID_TOKEN.because("the token was signed by another algorithm than its key's");
    }
    return key;
  }

  private static String normal(String typ) {
    var lower = typ.toLowerCase(Locale.ROOT);
    return lower.startsWith(APPLICATION) ? lower.substring(APPLICATION.length()) : lower;
  }

  private static OAuthException notSigned() {
    return INVALID_TOKEN.because("this is not a signed token");
  }
}
