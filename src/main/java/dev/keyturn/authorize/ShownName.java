package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.upstream.Identity;
import java.util.regex.Pattern;

/** Names as pages show them: without whatever could make them look like something else there. */
final class ShownName {
  private static final int MAX_LENGTH = 64;

  /**
   * Letters and marks that Unicode tells browsers to show as nothing, and the empty Braille cell.
   */
  private static final Pattern FILLERS =
      Pattern.compile(
          "[\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u2800\\u3164\\uFE00-\\uFE0F\\uFFA0"
              + "\\x{E0100}-\\x{E01EF}]");

  private ShownName() {}

  /** The name of a client in a language; empty where a stranger gives none. */
  static String of(Client client, String language) {
    var plain = plain(client.name().in(language));
    return plain.isEmpty() && !client.isStranger() ? client.id() : plain;
  }

  /**
   * By what a person can tell the account from others: the address, if the provider stands for it,
   * or else what the provider calls it. The name is whatever somebody has chosen.
   */
  static String account(Identity who) {
    return plain(who.email().filter(address -> who.emailVerified()).orElse(who.account()));
  }

  static String plain(String name) {
    return name.codePoints()
        .map(point -> isBlank(point) ? ' ' : point)
        .filter(point -> !Character.isISOControl(point) && !isInvisible(point))
        .limit(MAX_LENGTH)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .strip();
  }

  private static boolean isBlank(int point) {
    return Character.isWhitespace(point) || Character.getType(point) == Character.SPACE_SEPARATOR;
  }

  private static boolean isInvisible(int point) {
    return switch (Character.getType(point)) {
      case Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> FILLERS.matcher(Character.toString(point)).matches();
    };
  }
}
