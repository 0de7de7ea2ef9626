package dev.keyturn.authorize;

import dev.keyturn.crypto.HmacSecrets;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * What the forms around a link carry, sealed: the upstream that the page is about, and the link
 * that waits for an answer, or for whom the page was made.
 */
final class LinkForm {
  private final SealedForm form;
  private final Clock clock;

  LinkForm(HmacSecrets secrets, SecureRandom random, Clock clock) {
    this.form = new SealedForm("link", secrets, random);
    this.clock = clock;
  }

  /**
   * The content of a form.
   *
   * @param waiting names the link that waits; empty where none does yet
   * @param subject whom the page was made for; empty where nobody is known
   */
  record Content(String upstream, String waiting, String subject) {
    /** Names the upstream only. */
    @Override
    public String toString() {
      return "Content[" + upstream + "]";
    }
  }

  String seal(Content content) {
    return form.seal(
        new JsonObject()
            .put("upstream", content.upstream())
            .put("waiting", content.waiting())
            .put("sub", content.subject())
            .put("made", clock.millis()));
  }

  /** What was sealed for {@code upstream}, unless it was changed or is too old. */
  Optional<Content> open(String sealed, String upstream) {
    return form.open(sealed)
        .filter(json -> !isOld(Instant.ofEpochMilli(json.getLong("made"))))
        .map(
            json ->
                new Content(
                    json.getString("upstream"), json.getString("waiting"), json.getString("sub")))
        .filter(content -> content.upstream().equals(upstream));
  }

  SealedForm form() {
    return form;
  }

  private boolean isOld(Instant made) {
    return !clock.instant().isBefore(made.plus(Arrived.LINKING));
  }
}
