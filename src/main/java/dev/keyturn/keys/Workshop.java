package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.keyturn.crypto.CryptoProvider;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Puts keys to work: by native code where that takes the key, else by the JDK.
 *
 * @param nanos a clock that only tells differences
 */
record Workshop(CryptoProvider crypto, LongSupplier nanos) {
  /** The key, ready and timed; native code that refuses this kind of key gives way to the JDK. */
  KeyAtWork equip(SigningKey key) {
    return crypto
        .provider()
        .flatMap(provider -> tried(key, Optional.of(provider)))
        .or(() -> tried(key, Optional.empty()))
        .orElseThrow(() -> new IllegalStateException("nothing here computes with " + key));
  }

  private Optional<KeyAtWork> tried(SigningKey key, Optional<Provider> provider) {
    try {
      return Optional.of(equip(key, provider));
    } catch (JOSEException | ProviderException e) {
      return Optional.empty();
    }
  }

  private KeyAtWork equip(SigningKey key, Optional<Provider> provider) throws JOSEException {
    var signer = signer(key, provider);
    var verifier = verifier(key, provider);
    provider.ifPresent(signer.getJCAContext()::setProvider);
    provider.ifPresent(verifier.getJCAContext()::setProvider);
    return KeyAtWork.timed(key, signer, verifier, nanos);
  }

  private static JWSSigner signer(SigningKey key, Optional<Provider> provider)
      throws JOSEException {
    var secret = (PrivateKey) translated(key, key.pair().getPrivate(), provider);
    return switch (key.kind()) {
      case P_256, P_384, P_521 -> new ECDSASigner((ECPrivateKey) secret);
      case RSA -> new RSASSASigner(secret);
      case ED25519 -> new EdDsa(key.pair());
    };
  }

  private static JWSVerifier verifier(SigningKey key, Optional<Provider> provider)
      throws JOSEException {
    var open = translated(key, key.pair().getPublic(), provider);
    return switch (key.kind()) {
      case P_256, P_384, P_521 -> new ECDSAVerifier((ECPublicKey) open);
      case RSA -> new RSASSAVerifier((RSAPublicKey) open);
      case ED25519 -> new EdDsa(key.pair());
    };
  }

  /** A key of another provider would be translated for each signature, which costs more than it. */
  private static Key translated(SigningKey owner, Key key, Optional<Provider> provider)
      throws JOSEException {
    if (provider.isEmpty()) {
      return key;
    }
    try {
      return KeyFactory.getInstance(owner.kind().keyName(), provider.get()).translateKey(key);
    } catch (NoSuchAlgorithmException e) {
      return key; // It signs with this kind of key and makes none.
    } catch (InvalidKeyException e) {
      throw new JOSEException("the provider does not take this key", e);
    }
  }
}
