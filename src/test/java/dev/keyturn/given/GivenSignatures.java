package dev.keyturn.given;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.keys.SignatureVerifier;
import dev.keyturn.keys.Signer;
import io.vertx.core.Future;
import java.text.ParseException;

/** Signatures that cost next to nothing and are there at once. */
public final class GivenSignatures implements Signer, SignatureVerifier {
  private static final byte[] KEY = new byte[32];

  @Override
  public Future<String> sign(JWTClaimsSet claims, String typ) {
    try {
      var header = new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType(typ)).build();
      var jwt = new SignedJWT(header, claims);
      jwt.sign(new MACSigner(KEY));
      return Future.succeededFuture(jwt.serialize());
    } catch (JOSEException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Future<JWTClaimsSet> verify(String token, String typ) {
    try {
      var jwt = SignedJWT.parse(token);
      return jwt.verify(new MACVerifier(KEY)) && typ.equals(jwt.getHeader().getType().getType())
          ? Future.succeededFuture(jwt.getJWTClaimsSet())
          : Future.failedFuture(INVALID_TOKEN.because("the token's signature or type is wrong"));
    } catch (ParseException | JOSEException e) {
      return Future.failedFuture(INVALID_TOKEN.because("this is not a signed token"));
    }
  }
}
