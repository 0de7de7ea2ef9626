package dev.keyturn.given;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What could happen next, of which a test decides what does; what a dead owner waits for never. */
public final class Steps {
  private final List<Step> waiting = new ArrayList<>();
  private final Set<Object> dead = new HashSet<>();

  public void add(Object owner, Runnable run) {
    if (!dead.contains(owner)) {
      waiting.add(new Step(owner, run));
    }
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  public void one(Random chance) {
    waiting.remove(chance.nextInt(waiting.size())).run.run();
  }

  /** The oldest one. */
  public void first() {
    waiting.remove(0).run.run();
  }

  public void kill(Object owner) {
    dead.add(owner);
    waiting.removeIf(step -> step.owner == owner);
  }

  private record Step(Object owner, Runnable run) {}
}
