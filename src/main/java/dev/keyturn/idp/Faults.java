package dev.keyturn.idp;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.function.UnaryOperator;

/**
 * The ways in which the provider misbehaves on purpose.
 *
 * @param down every request is answered with 503
 * @param refusesRefresh each refresh token is {@code invalid_grant}
 * @param omitsRefreshToken token answers hold no refresh token
 * @param idToken changes the claims of an ID token before it is signed
 * @param granted scopes that are granted besides, each after a blank
 */
public record Faults(
    boolean down,
    boolean refusesRefresh,
    boolean omitsRefreshToken,
    UnaryOperator<JWTClaimsSet.Builder> idToken,
    String granted) {

  /** Proper behaviour. */
  public static Faults none() {
    return new Faults(false, false, false, UnaryOperator.identity(), "");
  }

  /** An outage of the whole provider. */
  public static Faults outage() {
    return new Faults(true, false, false, UnaryOperator.identity(), "");
  }

  /** Somebody ended the user's session at the provider. */
  public static Faults refusedRefresh() {
    return new Faults(false, true, false, UnaryOperator.identity(), "");
  }

  /** A provider that was not asked for offline access. */
  public static Faults noRefreshToken() {
    return new Faults(false, false, true, UnaryOperator.identity(), "");
  }

  /** ID tokens whose claims are {@code altered}; the signature stays valid. */
  public static Faults idTokens(UnaryOperator<JWTClaimsSet.Builder> altered) {
    return new Faults(false, false, false, altered, "");
  }

  /** A provider that grants more than it is asked for. */
  public static Faults granting(String scope) {
    return new Faults(false, false, false, UnaryOperator.identity(), " " + scope);
  }
}
