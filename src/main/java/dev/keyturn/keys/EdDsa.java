package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Optional;
import java.util.Set;

/**
 * Ed25519 by the Java platform's own signatures.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8037#section-3.1">RFC 8037, section 3.1</a>
 */
final class EdDsa implements JWSSigner, JWSVerifier {
  private static final int SIGNATURE_LENGTH = 64;

  private final Optional<PrivateKey> secret;
  private final PublicKey open;
  private final JCAContext context = new JCAContext();

  private EdDsa(Optional<PrivateKey> secret, PublicKey open) {
    this.secret = secret;
    this.open = open;
  }

  static EdDsa signer(KeyPair pair) {
    return new EdDsa(Optional.of(pair.getPrivate()), pair.getPublic());
  }

  static EdDsa verifier(PublicKey key) {
    return new EdDsa(Optional.empty(), key);
  }

  @Override
  public Base64URL sign(JWSHeader header, byte[] signingInput) throws JOSEException {
    requireEdDsa(header);
    try {
      var signature = signature();
      signature.initSign(secret.orElseThrow(() -> new JOSEException("a public key only")));
      signature.update(signingInput);
      return Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new JOSEException("the key does not sign", e);
    }
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signed)
      throws JOSEException {
    requireEdDsa(header);
    var bytes = signed.decode();
    if (bytes.length != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      var signature = signature();
      signature.initVerify(open);
      signature.update(signingInput);
      return signature.verify(bytes);
    } catch (SignatureException e) {
      return false; // The JDK throws where a signature is no point of the curve.
    } catch (GeneralSecurityException e) {
      throw new JOSEException("the key does not verify", e);
    }
  }

  @Override
  public Set<JWSAlgorithm> supportedJWSAlgorithms() {
    return Set.of(JWSAlgorithm.EdDSA);
  }

  @Override
  public JCAContext getJCAContext() {
    return context;
  }

  private static void requireEdDsa(JWSHeader header) throws JOSEException {
    if (!header.getAlgorithm().equals(JWSAlgorithm.EdDSA)) {
      throw new JOSEException("an Ed25519 key signs EdDSA only");
    }
  }

  private Signature signature() throws NoSuchAlgorithmException {
    var provider = Optional.ofNullable(context.getProvider());
    return provider.isPresent()
        ? Signature.getInstance("Ed25519", provider.get())
        : Signature.getInstance("Ed25519");
  }
}
