package dev.keyturn.idp;

import java.security.SecureRandom;
import java.util.Base64;

/** Where codes, tokens and request ids come from: 256 random bits each. */
record Mint(SecureRandom random) {
  String next() {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
