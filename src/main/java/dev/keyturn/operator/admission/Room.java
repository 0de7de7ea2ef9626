package dev.keyturn.operator.admission;

/**
 * How many bytes all bodies together may take.
 *
 * <p>Each is bounded, but many large ones at once would end the process. Belongs to one event loop.
 */
final class Room {
  private final long most;
  private long taken;

  Room(long most) {
    this.most = most;
  }

  /** A part of it, of nothing to begin with. */
  Share share() {
    return new Share();
  }

  /** What one body takes, until it gives that back. */
  final class Share {
    private long mine;

    private Share() {}

    /** Takes so many more, if there is room for them. */
    boolean takes(int bytes) {
      if (taken + bytes > most) {
        return false;
      }
      taken += bytes;
      mine += bytes;
      return true;
    }

    /** Gives everything back. */
    void giveBack() {
      taken -= mine;
      mine = 0;
    }
  }
}
