package dev.keyturn.oauth;

import java.util.Random;

/** Texts that are, or look like, redirect URIs; the same ones for the same seed. */
final class RedirectUriTexts {
  private static final String[] SCHEMES = {"http", "https", "HTTP", "cursor", "a.b"};
  private static final String[] HOSTS = {
    "localhost",
    "127.0.0.1",
    "[::1]",
    "a.example",
    "evil.com",
    "xn--bcher-kva.example",
    "0x7f.1",
    "2130706433",
    "010.0.0.1",
    "127.1",
    "[::ffff:127.0.0.1]",
    "[2001:db8::1]",
    "192.0.2.1",
  };
  private static final String[] PIECES = {
    "http",
    "https",
    "cursor",
    "a.b",
    ":",
    "://",
    "//",
    "/",
    "@",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "a.example",
    "evil.com",
    ":80",
    ":443",
    ":0",
    ":65536",
    ":1",
    "?",
    "#",
    "%2e",
    "%2f",
    "%40",
    "%00",
    "%",
    "..",
    "/..",
    "/./",
    ".",
    "\\",
    "x",
    "0x7f",
    "1",
    "08",
    "[",
    "]",
    ";",
    "=",
    "&",
    "\t",
    "\n",
    "ü",
    "\uFF0E",
    "\u3002",
    "\u0430",
    "_",
    "-",
    "+",
    "xn--",
    "a:b@",
    "'",
    "~",
    "!"
  };

  private RedirectUriTexts() {}

  static String one(Random random) {
    var text = new StringBuilder();
    if (random.nextInt(4) > 0) {
      text.append(any(SCHEMES, random)).append("://").append(any(HOSTS, random));
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(any(PIECES, random));
    }
    return text.toString();
  }

  /** The same with one thing changed, somewhere. */
  static String bent(String text, Random random) {
    var at = random.nextInt(text.length() + 1);
    var until = Math.min(text.length(), at + random.nextInt(3));
    return text.substring(0, at) + any(PIECES, random) + text.substring(until);
  }

  private static String any(String[] choices, Random random) {
    return choices[random.nextInt(choices.length)];
  }
}
