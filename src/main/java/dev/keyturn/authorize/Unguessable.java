package dev.keyturn.authorize;

import java.security.SecureRandom;
import java.util.Base64;

/** Names that nobody can guess, of 256 bits. */
record Unguessable(SecureRandom random) {
  String next() {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
