package dev.keyturn.idp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/**
 * An end user of the provider.
 *
 * @param username what is typed at the login page
 * @param subject the {@code sub} claim
 */
public record Person(String username, String password, String subject, String email, String name) {

  /** Looks at both words in full, so that the answer's time does not tell which one was wrong. */
  boolean isProvenBy(String username, String password) {
    var named = isEqual(this.username, username);
    var proven = isEqual(this.password, password);
    return named && proven;
  }

  private static boolean isEqual(String expected, String presented) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), presented.getBytes(UTF_8));
  }

  /** The subject alone. */
  @Override
  public String toString() {
    return "Person[" + subject + "]";
  }
}
