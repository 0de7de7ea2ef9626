package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.config.Settings;
import java.util.Optional;

/** Where in a token answer the person is, for providers that name them there. */
record IdentityFromToken(JsonPath subject, Optional<JsonPath> name, Optional<JsonPath> email) {
  /** Reads {@code identity_from_token}. */
  static Optional<IdentityFromToken> from(Settings settings) {
    settings.required("subject_path");
    var subject = TokenFields.optional(settings, "subject_path");
    var name = TokenFields.optional(settings, "name_path");
    var email = TokenFields.optional(settings, "email_path");
    return settings
        .build(() -> subject.map(path -> new IdentityFromToken(path, name, email)))
        .flatMap(read -> read);
  }

  /** The person, if the answer names one; an e-mail address from here is never verified. */
  Optional<Identity> in(ObjectNode answer, String issuer) {
    return subject
        .textIn(answer)
        .filter(Subject::isValid)
        .map(value -> Identity.of(new Subject(issuer, subject.spelling(), value)))
        .map(identity -> identity.with(profile(answer)));
  }

  private Profile profile(ObjectNode answer) {
    return new Profile(
        name.flatMap(path -> path.textIn(answer)),
        email.flatMap(path -> path.textIn(answer)),
        false);
  }
}
