package dev.keyturn.given;

/** How the page that starts a navigation is related to its target. */
public enum Site {
  /** Typed, a bookmark, or another program of the computer. */
  NONE("none"),
  SAME_ORIGIN("same-origin"),
  CROSS_SITE("cross-site");

  private final String wire;

  Site(String wire) {
    this.wire = wire;
  }

  /** The value of {@code Sec-Fetch-Site}. */
  public String wire() {
    return wire;
  }
}
