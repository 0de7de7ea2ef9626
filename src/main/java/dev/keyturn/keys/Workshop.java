package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jca.JCAAware;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jwt.JWTClaimsSet;
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
 * <p>Each is timed, which takes its time, so it is done in a worker.
 *
 * @param nanos a clock that only tells differences
 */
record Workshop(CryptoProvider crypto, LongSupplier nanos) {
  private static final JWTClaimsSet SAMPLE = new JWTClaimsSet.Builder().subject("sample").build();

  /** The key, ready to sign and timed, once a signature of it has verified. */
  SignerAtWork equip(SigningKey key) {
    return equipped(key, provider -> signing(key, provider));
  }

  /** The key, ready to verify and timed. */
  VerifierAtWork equip(VerificationKey key) {
    return equipped(key, provider -> verifying(key, provider));
  }

  /** Native code that refuses this kind of key gives way to the JDK. */
  private <T> T equipped(Object key, Equipment<T> equipment) {
    return crypto
        .provider()
        .flatMap(provider -> tried(equipment, Optional.of(provider)))
        .or(() -> tried(equipment, Optional.empty()))
        .orElseThrow(() -> new IllegalStateException("nothing here computes with " + key));
  }

  private static <T> Optional<T> tried(Equipment<T> equipment, Optional<Provider> provider) {
    try {
      return Optional.of(equipment.by(provider));
    } catch (JOSEException | ProviderException e) {
      return Optional.empty();
    }
  }

  private SignerAtWork signing(SigningKey key, Optional<Provider> provider) throws JOSEException {
    var idle = new SignerAtWork(key, by(provider, signer(key, provider)), false);
    if (!idle.signed(SAMPLE, "sample").verify(verifier(key.publicHalf(), provider))) {
      throw new JOSEException("a signature does not verify");
    }
    return new SignerAtWork(
        key, idle.signer(), new Stopwatch(nanos).isCheap(() -> idle.signed(SAMPLE, "sample")));
  }

  private VerifierAtWork verifying(VerificationKey key, Optional<Provider> provider)
      throws JOSEException {
    var idle = new VerifierAtWork(key, verifier(key, provider), false);
    var sample = MadeUpSignature.of(key);
    if (idle.verifies(sample)) {
      throw new JOSEException("a wrong signature verifies");
    }
    return new VerifierAtWork(
        key, idle.verifier(), new Stopwatch(nanos).isCheap(() -> idle.verifies(sample)));
  }

  private static JWSSigner signer(SigningKey key, Optional<Provider> provider)
      throws JOSEException {
    var secret = (PrivateKey) translated(key.kind(), key.pair().getPrivate(), provider);
    return switch (key.kind()) {
      case P_256, P_384, P_521 -> new ECDSASigner((ECPrivateKey) secret);
      case RSA -> new RSASSASigner(secret);
      case ED25519 -> EdDsa.signer(key.pair());
    };
  }

  private static JWSVerifier verifier(VerificationKey key, Optional<Provider> provider)
      throws JOSEException {
    var open = translated(key.kind(), key.publicKey(), provider);
    return by(
        provider,
        switch (key.kind()) {
          case P_256, P_384, P_521 -> new ECDSAVerifier((ECPublicKey) open);
          case RSA -> new RSASSAVerifier((RSAPublicKey) open);
          case ED25519 -> EdDsa.verifier(key.publicKey());
        });
  }

  private static <T extends JCAAware<JCAContext>> T by(Optional<Provider> provider, T computing) {
    provider.ifPresent(computing.getJCAContext()::setProvider);
    return computing;
  }

  /** A key of another provider would be translated for each signature, which costs more than it. */
  private static Key translated(KeyKind kind, Key key, Optional<Provider> provider)
      throws JOSEException {
    if (provider.isEmpty()) {
      return key;
    }
    try {
      return KeyFactory.getInstance(kind.keyName(), provider.get()).translateKey(key);
    } catch (NoSuchAlgorithmException e) {
      return key; // It signs with this kind of key and makes none.
    } catch (InvalidKeyException e) {
      throw new JOSEException("the provider does not take this key", e);
    }
  }

  @FunctionalInterface
  private interface Equipment<T> {
    T by(Optional<Provider> provider) throws JOSEException;
  }
}
