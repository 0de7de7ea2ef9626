package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

/**
 * A key with what computes its signatures, and the knowledge of what they cost.
 *
 * @param inPlace whether a signature is cheap enough for an event loop
 */
record SignerAtWork(SigningKey key, JWSSigner signer, boolean inPlace) {
  String sign(JWTClaimsSet claims, String typ) throws JOSEException {
    return signed(claims, typ).serialize();
  }

  SignedJWT signed(JWTClaimsSet claims, String typ) throws JOSEException {
    var header =
        key.named(new JWSHeader.Builder(key.algorithm().jws()).type(new JOSEObjectType(typ)));
    var token = new SignedJWT(header.build(), claims);
    token.sign(signer);
    return token;
  }
}
