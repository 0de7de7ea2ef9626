package dev.keyturn.given;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;

/** The ways in which a secret could lie in a file. */
public final class Spellings {
  private Spellings() {}

  /** In plain, hex, base64, and base64 as it looks inside a longer text, wherever that begins. */
  public static Stream<String> of(String secret) {
    var bytes = secret.getBytes(StandardCharsets.UTF_8);
    var hex = HexFormat.of().formatHex(bytes);
    var base64 =
        Stream.of(0, 1, 2)
            .map(
                shift -> {
                  var shifted = new byte[bytes.length + shift];
                  System.arraycopy(bytes, 0, shifted, shift, bytes.length);
                  var text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
                  return text.substring(shift == 0 ? 0 : 4, text.length() - 2);
                });
    return Stream.concat(Stream.of(secret, hex, hex.toUpperCase(Locale.ROOT)), base64);
  }
}
