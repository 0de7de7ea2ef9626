package dev.keyturn.oauth;

import java.util.regex.Pattern;

/**
 * The spellings of a host that mean this very machine.
 *
 * <p>Judged by spelling and never by DNS, since a resolver may answer a loopback address for any
 * name.
 */
public final class Loopback {
  private static final Pattern IPV4 = Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

  private Loopback() {}

  /** Whether {@code host}, in lower case and as a URL spells it, is loopback. */
  public static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.equals("::1")
        || IPV4.matcher(host).matches();
  }
}
