package dev.keyturn.registration;

import dev.keyturn.config.Settings;
import dev.keyturn.crypto.Digest;
import dev.keyturn.secrets.SecretReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What whoever registers a client must know, where registration is not for everybody.
 *
 * @param hash of the token, which is not kept
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-1.2">RFC 7591, section 1.2</a>
 */
public record InitialAccessToken(String hash) {
  static final String SETTING = "initial_access_token_file";

  private static final int MIN_LENGTH = 32;

  /** RFC 6750, section 2.1. */
  private static final Pattern TOKEN =
      Pattern.compile("[A-Za-z0-9._~+/-]{" + MIN_LENGTH + ",4096}=*");

  static InitialAccessToken of(String token) {
    return new InitialAccessToken(Digest.of(token));
  }

  /** Reads the first line of the file that the setting names; empty, with a finding, if wrong. */
  static Optional<InitialAccessToken> from(Settings settings, SecretReader secrets) {
    var path = settings.file(SETTING);
    var token =
        path.flatMap(file -> secrets.bytes(settings.name(SETTING), file))
            .map(InitialAccessToken::firstLine);
    if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
      settings.refuse(
          SETTING,
          "names "
              + path.map(Object::toString).orElse("")
              + ", whose first line must be a token of at least "
              + MIN_LENGTH
              + " characters of A-Z a-z 0-9 . _ ~ + / -");
      return Optional.empty();
    }
    return token.map(InitialAccessToken::of);
  }

  /** Whether {@code token} is this one, in a time that does not tell where it differs. */
  boolean admits(String token) {
    return Digest.same(hash, Digest.of(token));
  }

  private static String firstLine(byte[] content) {
    return new String(content, StandardCharsets.UTF_8).lines().findFirst().orElse("").strip();
  }

  /** Hides the hash. */
  @Override
  public String toString() {
    return "InitialAccessToken[hidden]";
  }
}
