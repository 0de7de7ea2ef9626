package dev.keyturn.vault;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What could happen next, of which a test decides what does; what a dead owner waits for never. */
final class Steps {
  private final List<Step> waiting = new ArrayList<>();
  private final Set<Object> dead = new HashSet<>();

  void add(Object owner, Runnable run) {
    if (!dead.contains(owner)) {
      waiting.add(new Step(owner, run));
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void one(Random chance) {
    waiting.remove(chance.nextInt(waiting.size())).run.run();
  }

  /** The oldest one. */
  void first() {
    waiting.remove(0).run.run();
  }

  void kill(Object owner) {
    dead.add(owner);
    waiting.removeIf(step -> step.owner == owner);
  }

  private record Step(Object owner, Runnable run) {}
}
