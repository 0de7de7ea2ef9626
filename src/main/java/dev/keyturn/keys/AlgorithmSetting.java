package dev.keyturn.keys;

import dev.keyturn.config.Settings;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What RSA keys sign under, where the configuration says so; other keys have no choice.
 *
 * <p>It counts for every RSA key: a fallback key signed under it when it was the signing key.
 */
record AlgorithmSetting(Settings settings, Optional<SigningAlgorithm> choice) {
  private static final String FIELD = "algorithm";

  /** Reads the setting; a word that is no algorithm of RSA is a finding. */
  static AlgorithmSetting from(Settings settings) {
    var text = settings.text(FIELD);
    var choice =
        text.flatMap(SigningAlgorithm::named)
            .filter(algorithm -> KeyKind.RSA.algorithms().contains(algorithm));
    if (text.isPresent() && choice.isEmpty()) {
      settings.refuse(
          FIELD,
          "must be one of "
              + KeyKind.RSA.algorithms().stream()
                  .map(SigningAlgorithm::wire)
                  .collect(Collectors.joining(", "))
              + "; keys of other kinds than RSA need no setting");
    }
    return new AlgorithmSetting(settings, choice);
  }

  /** The key as it signs by this setting. */
  SigningKey applied(SigningKey key) {
    return choice.filter(algorithm -> algorithm.kind() == key.kind()).map(key::under).orElse(key);
  }

  /** Finds fault with a setting that the signing key cannot follow. */
  void requireFor(SigningKey signer) {
    choice
        .filter(algorithm -> algorithm.kind() != signer.kind())
        .ifPresent(
            algorithm ->
                settings.refuse(
                    FIELD,
                    "is "
                        + algorithm.wire()
                        + ", which needs an RSA key, but the signing key signs "
                        + signer.algorithm().wire()
                        + " and nothing else: leave the setting out"));
  }
}
