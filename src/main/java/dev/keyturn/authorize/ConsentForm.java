package dev.keyturn.authorize;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.crypto.SealingKeys;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * What the consent page's form carries: the request, sealed, and a token that binds it to the
 * browser which was shown the page.
 *
 * <p>The token is a MAC over that browser's cookie and the sealed request. Whoever posts the form
 * from elsewhere lacks the cookie; whoever brings a form of their own has a token for another one.
 */
final class ConsentForm {
  static final Duration LIFE = Duration.ofMinutes(10);
  private static final byte[] PURPOSE = "consent".getBytes(StandardCharsets.US_ASCII);

  private final SealingKeys sealing;
  private final HmacSecrets tokens;
  private final Clock clock;

  ConsentForm(HmacSecrets secrets, SecureRandom random, Clock clock) {
    this.sealing = secrets.sealing("consent request", random);
    this.tokens = secrets.forPurpose("consent form");
    this.clock = clock;
  }

  /** The request as the form carries it. */
  String seal(AuthorizationRequest request) {
    return encode(sealing.seal(request.toJson().toBuffer().getBytes(), PURPOSE));
  }

  /** The request that was sealed, unless it was changed or the page was left open too long. */
  Optional<AuthorizationRequest> open(String sealed) {
    return decode(sealed)
        .flatMap(envelope -> sealing.open(envelope, PURPOSE))
        .map(plain -> AuthorizationRequest.fromJson(Buffer.buffer(plain).toJsonObject()))
        .filter(request -> clock.instant().isBefore(request.receivedAt().plus(LIFE)));
  }

  /** The token that binds a sealed request to a browser. */
  String token(String browser, String sealed) {
    return encode(tokens.sign(message(browser, sealed)));
  }

  /** Whether {@code token} binds this request to this browser. */
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
