package dev.keyturn.bench;

import java.util.ArrayList;
import java.util.List;

/** Whether a soak went well: nothing wrong happened, all that was to happen did, memory is flat. */
final class SoakVerdict {
  private SoakVerdict() {}

  /** All that is wrong; nothing if all is well. */
  static List<String> complaints(SoakTally tally, SoakMemory memory) {
    var all = new ArrayList<String>();
    for (var event : SoakEvent.values()) {
      if (event.isWrong() && tally.of(event) > 0) {
        all.add(event.wire() + " " + tally.of(event) + " times: " + tally.reason(event));
      } else if (!event.isWrong() && tally.of(event) == 0) {
        all.add("nothing was " + event.wire() + ", so this tells nothing");
      }
    }
    all.addAll(memory.complaints());
    return all;
  }
}
