package dev.keyturn.authorize;

import dev.keyturn.crypto.HmacSecrets;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * What the account page's form carries: for whom the page was made, sealed.
 *
 * <p>A page that was shown to one person changes nothing for the next one at the same browser.
 */
final class AccountForm {
  private final SealedForm form;
  private final Clock clock;

  AccountForm(HmacSecrets secrets, SecureRandom random, Clock clock) {
    this.form = new SealedForm("account", secrets, random);
    this.clock = clock;
  }

  /**
   * @param subject empty for a page that nobody has logged in to
   */
  String seal(String subject) {
    return form.seal(new JsonObject().put("sub", subject).put("made", clock.millis()));
  }

  /** For whom the page was made, unless the form was changed or is as old as the login may be. */
  Optional<String> open(String sealed) {
    return form.open(sealed)
        .filter(
            json ->
                clock
                    .instant()
                    .isBefore(
                        Instant.ofEpochMilli(json.getLong("made"))
                            .plus(PersonCookies.ACCOUNT_LIFE)))
        .map(json -> json.getString("sub"));
  }

  SealedForm form() {
    return form;
  }
}
