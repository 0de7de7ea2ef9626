package dev.keyturn.upstream;

import dev.keyturn.crypto.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;

/**
 * A person as an identity provider names them, and the {@code sub} that our tokens have for them.
 *
 * <p>Our {@code sub} is computed, so there is no table of users to lose, and two logins at once
 * cannot become two people. Each part is preceded by its length: without that, parts could be cut
 * elsewhere and one provider could name the users of another.
 *
 * @param issuer who names; the token endpoint's URL where there is no issuer
 * @param claim the claim whose value is the name
 * @param value the name
 */
record Subject(String issuer, String claim, String value) {
  private static final int MAX_LENGTH = 1024;

  /** Whether {@code value} can name somebody. */
  static boolean isValid(String value) {
    return !value.isBlank()
        && value.length() <= MAX_LENGTH
        && value.codePoints().noneMatch(Character::isISOControl);
  }

  /** The {@code sub} of our tokens. */
  String wire() {
    var whole = new ByteArrayOutputStream();
    Stream.of(issuer, claim, value)
        .map(part -> part.getBytes(StandardCharsets.UTF_8))
        .forEach(
            part -> {
              whole.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
              whole.writeBytes(part);
            });
    return "u_"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(Digest.of(whole.toByteArray()));
  }

  @Override
  public String toString() {
    return wire();
  }
}
