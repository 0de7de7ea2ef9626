package dev.keyturn.logout;

import java.util.HashMap;
import java.util.Map;

/** Places for what is under way: so many in all, and so many for each of those it is done for. */
final class Slots {
  private final int most;
  private final int mostOfEach;
  private final Map<String, Integer> taken = new HashMap<>();
  private int all;

  Slots(int most, int mostOfEach) {
    this.most = most;
    this.mostOfEach = mostOfEach;
  }

  /** Takes a place, if there is one; it is given back by {@link #leave}. */
  synchronized boolean enter(String whose) {
    if (all >= most || taken.getOrDefault(whose, 0) >= mostOfEach) {
      return false;
    }
    all++;
    taken.merge(whose, 1, Integer::sum);
    return true;
  }

  synchronized void leave(String whose) {
    all--;
    taken.merge(whose, -1, Integer::sum);
    taken.remove(whose, 0);
  }
}
