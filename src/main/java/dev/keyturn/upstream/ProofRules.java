package dev.keyturn.upstream;

import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.keys.SigningKey;

/**
 * What a provider expects of a signed proof, as far as its configuration tells.
 *
 * @param audience whom it must be for
 * @param ofRsa what an RSA key signs under; keys of other kinds have no choice
 */
record ProofRules(String audience, SigningAlgorithm ofRsa) {
  /** What the standards expect. */
  static ProofRules usual(String audience) {
    return new ProofRules(audience, SigningAlgorithm.RS256);
  }

  /** The key as it signs there. */
  SigningKey applied(SigningKey key) {
    return key.algorithm() == SigningAlgorithm.RS256 ? key.under(ofRsa) : key;
  }
}
