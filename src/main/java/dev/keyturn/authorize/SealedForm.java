package dev.keyturn.authorize;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.crypto.SealingKeys;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * What a form of ours carries, sealed, and a token that binds it to the browser which was shown it.
 *
 * <p>The token is a MAC over that browser's cookie and the sealed content. Whoever posts the form
 * from elsewhere lacks the cookie; whoever brings a form of their own has a token for another one.
 * No form opens as one of another purpose.
 */
final class SealedForm {
  private final byte[] purpose;
  private final SealingKeys sealing;
  private final HmacSecrets tokens;

  SealedForm(String purpose, HmacSecrets secrets, SecureRandom random) {
    this.purpose = purpose.getBytes(StandardCharsets.US_ASCII);
    this.sealing = secrets.sealing(purpose + " request", random);
    this.tokens = secrets.forPurpose(purpose + " form");
  }

  String seal(JsonObject content) {
    return encode(sealing.seal(content.toBuffer().getBytes(), purpose));
  }

  /** What was sealed, unless it was changed. */
  Optional<JsonObject> open(String sealed) {
    return decode(sealed)
        .flatMap(envelope -> sealing.open(envelope, purpose))
        .map(plain -> Buffer.buffer(plain).toJsonObject());
  }

  /** The token that binds a sealed content to a browser. */
  String token(String browser, String sealed) {
    return encode(tokens.sign(message(browser, sealed)));
  }

  /** Whether {@code token} binds this content to this browser. */
  boolean isBound(String token, String browser, String sealed) {
    return decode(token).map(code -> tokens.verify(message(browser, sealed), code)).orElse(false);
  }

  private static byte[] message(String browser, String sealed) {
    return (browser.length() + " " + browser + " " + sealed).getBytes(StandardCharsets.UTF_8);
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Optional<byte[]> decode(String text) {
    try {
      return Optional.of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
