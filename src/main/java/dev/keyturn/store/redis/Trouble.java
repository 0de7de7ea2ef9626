package dev.keyturn.store.redis;

import java.util.Locale;
import java.util.Map;

/** What keeps an operation from being done. */
enum Trouble {
  AWAY("cannot be reached", true),
  UNTRUSTED("shows no certificate that we trust", true),
  TIMEOUT("does not answer in time", true),
  DENIED("refuses our user or password", false),
  FORBIDDEN("does not give our user every right that it needs", false),
  READONLY("is a replica, which takes no changes", true),
  FULL("is out of memory", false),
  UNSYNCED("has too few replicas that keep up", false),
  LOADING("is loading its data", true),
  UNWRITABLE("cannot write to its disk", false),
  BUSY("is busy with a script", true),
  DOWN("says that the Cluster is down", true),
  MOVED("says again and again that the key is elsewhere", true),
  ASK("says again and again that the key is elsewhere", true),
  TRYAGAIN("is moving the key", true),
  NOSCRIPT("forgets our scripts", true),
  CROWDED("has too many of our operations waiting", false),
  UNKNOWN("may or may not have carried out a change", false),
  UNNAMED("knows no set of that name", true),
  FOREIGN("has something under a key of ours that this version did not write", false),
  ODD("gives an answer that makes no sense", false);

  /** What the errors of a server begin with. */
  private static final Map<String, Trouble> CODES =
      Map.ofEntries(
          Map.entry("WRONGPASS", DENIED),
          Map.entry("NOAUTH", DENIED),
          Map.entry("NOPERM", FORBIDDEN),
          Map.entry("ERR AUTH", DENIED),
          Map.entry("WRONGTYPE", FOREIGN),
          Map.entry("READONLY", READONLY),
          Map.entry("MASTERDOWN", READONLY),
          Map.entry("OOM", FULL),
          Map.entry("NOREPLICAS", UNSYNCED),
          Map.entry("LOADING", LOADING),
          Map.entry("MISCONF", UNWRITABLE),
          Map.entry("BUSY", BUSY),
          Map.entry("CLUSTERDOWN", DOWN),
          Map.entry("MOVED", MOVED),
          Map.entry("ASK", ASK),
          Map.entry("TRYAGAIN", TRYAGAIN),
          Map.entry("NOSCRIPT", NOSCRIPT));

  private final String words;
  private final boolean passes;

  /**
   * @param passes whether trying again within seconds is likely to help
   */
  Trouble(String words, boolean passes) {
    this.words = words;
    this.passes = passes;
  }

  /** What an error of a server means; nothing was carried out in any case. */
  static Trouble of(String error) {
    return CODES.entrySet().stream()
        .filter(code -> isOf(error, code.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(ODD);
  }

  /** For the log, after the name of a node. */
  String words() {
    return words;
  }

  boolean passes() {
    return passes;
  }

  /** The value of a metric's tag. */
  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether reads may go on all the same, so that one of them says nothing about it. */
  boolean isOfChanges() {
    return this == READONLY
        || this == FULL
        || this == UNSYNCED
        || this == UNWRITABLE
        || this == UNKNOWN;
  }

  /** Whether other credentials may help. */
  boolean isOfUser() {
    return this == DENIED || this == FORBIDDEN;
  }

  /** Whether a server shows it on its way down or up, so that one after the other is no news. */
  boolean isPhase() {
    return passes && this != UNTRUSTED && this != UNNAMED;
  }

  /** Whether it is a matter of one key, and says nothing about the server. */
  boolean isOfKey() {
    return this == FOREIGN;
  }

  /** Whether others would only meet it too, so that they need not even try. */
  boolean isOfAll() {
    return passes || this == DENIED;
  }

  /** Older servers wrap the error of a command in one of the script around it. */
  private static boolean isOf(String error, String code) {
    return error.equals(code) || error.startsWith(code + " ") || error.contains(" -" + code + " ");
  }
}
