package dev.keyturn.keys;

import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * Somebody else's resource server: it has our JWK set and the Java platform, and nothing of ours.
 * It is as strict as they come: a key is good for the algorithm that is published with it.
 */
final class Stranger {
  private final List<JsonObject> jwks;

  Stranger(List<JsonObject> jwks) {
    this.jwks = jwks;
  }

  boolean accepts(String token) {
    var parts = token.split("\\.", -1);
    var header = decoded(parts[0]);
    return jwks.stream()
        .filter(jwk -> jwk.getString("kid").equals(header.getString("kid")))
        .filter(jwk -> jwk.getString("alg").equals(header.getString("alg")))
        .filter(jwk -> jwk.getString("use").equals("sig"))
        .anyMatch(jwk -> isSigned(jwk, parts[0] + "." + parts[1], bytes(parts[2])));
  }

  /** A token that names {@code kid} and says {@code algorithm}, signed by nobody. */
  static String forged(String algorithm, String kid) {
    var header = new JsonObject().put("alg", algorithm).put("typ", "at+jwt").put("kid", kid);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(header.toBuffer().getBytes())
        + ".e30.AAAA";
  }

  private static boolean isSigned(JsonObject jwk, String input, byte[] signed) {
    try {
      var judge = judge(jwk.getString("alg"));
      judge.initVerify(key(jwk));
      judge.update(input.getBytes(StandardCharsets.US_ASCII));
      return judge.verify(signed);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Signature judge(String alg) throws GeneralSecurityException {
    var hash = "SHA" + alg.substring(2);
    return switch (alg.substring(0, 2)) {
      case "ES" -> Signature.getInstance(hash + "withECDSAinP1363Format");
      case "RS" -> Signature.getInstance(hash + "withRSA");
      case "PS" -> pss("SHA-" + alg.substring(2), Integer.parseInt(alg.substring(2)) / 8);
      default -> Signature.getInstance("Ed25519");
    };
  }

  private static Signature pss(String hash, int salt) throws GeneralSecurityException {
    var judge = Signature.getInstance("RSASSA-PSS");
    judge.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1));
    return judge;
  }

  private static PublicKey key(JsonObject jwk) throws GeneralSecurityException {
    return switch (jwk.getString("kty")) {
      case "EC" ->
          KeyFactory.getInstance("EC")
              .generatePublic(
                  new ECPublicKeySpec(new ECPoint(number(jwk, "x"), number(jwk, "y")), curve(jwk)));
      case "RSA" ->
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
      default -> ed25519(bytes(jwk.getString("x")));
    };
  }

  private static PublicKey ed25519(byte[] x) throws GeneralSecurityException {
    var reversed = new byte[x.length];
    for (var i = 0; i < x.length; i++) {
      reversed[i] = x[x.length - 1 - i];
    }
    var odd = (reversed[0] & 0x80) != 0;
    reversed[0] &= 0x7f;
    var point = new EdECPoint(odd, new BigInteger(1, reversed));
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
  }

  private static ECParameterSpec curve(JsonObject jwk) throws GeneralSecurityException {
    var name = "secp" + jwk.getString("crv").substring(2) + "r1";
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(name));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static BigInteger number(JsonObject jwk, String member) {
    return new BigInteger(1, bytes(jwk.getString(member)));
  }

  private static byte[] bytes(String base64) {
    return Base64.getUrlDecoder().decode(base64);
  }

  private static JsonObject decoded(String part) {
    return new JsonObject(new String(bytes(part), StandardCharsets.UTF_8));
  }
}
