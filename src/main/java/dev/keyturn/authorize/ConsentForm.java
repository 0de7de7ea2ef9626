package dev.keyturn.authorize;

import dev.keyturn.crypto.HmacSecrets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the consent page's form carries: the question, sealed, and a token that binds it to the
 * browser which was shown the page.
 */
final class ConsentForm {
  static final Duration LIFE = Duration.ofMinutes(10);

  private final SealedForm form;
  private final Clock clock;

  ConsentForm(HmacSecrets secrets, SecureRandom random, Clock clock) {
    this.form = new SealedForm("consent", secrets, random);
    this.clock = clock;
  }

  /** The question as the form carries it. */
  String seal(Question question) {
    return form.seal(question.toJson().put("asked", clock.millis()));
  }

  /** The question that was sealed, unless it was changed or the page was left open too long. */
  Optional<Question> open(String sealed) {
    return form.open(sealed)
        .filter(
            json ->
                clock.instant().isBefore(Instant.ofEpochMilli(json.getLong("asked")).plus(LIFE)))
        .map(Question::fromJson);
  }

  SealedForm form() {
    return form;
  }
}
