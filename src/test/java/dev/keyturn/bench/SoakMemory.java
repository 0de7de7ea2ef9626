package dev.keyturn.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a process held at many moments of one life.
 *
 * <p>It is flat where the median of the last third is not much above that of the first. A quarter
 * more is allowed, since caches fill for as long as new sessions come, and as much again as the
 * page cache of the file store holds. A server that keeps two kilobytes of each refresh grows by
 * more in half an hour.
 */
record SoakMemory(List<Footprint> samples) {
  private static final int FEWEST = 6;
  private static final double GROWTH = 1.25;
  private static final long CACHE = 16L << 20;
  private static final long NATIVE_KILOBYTES = 48L << 10;
  private static final long FEW = 24;

  SoakMemory {
    samples = List.copyOf(samples);
  }

  List<String> complaints() {
    var all = new ArrayList<String>();
    if (samples.size() < FEWEST) {
      all.add("too few looks at the memory: " + samples.size());
    } else {
      grown("live heap bytes", Footprint::heap, CACHE, all);
      grown("resident kilobytes", Footprint::resident, NATIVE_KILOBYTES, all);
      grown("threads", Footprint::threads, FEW, all);
      grown("descriptors", Footprint::descriptors, FEW, all);
    }
    return all;
  }

  /** The medians of the first and of the last third. */
  JsonObject toJson() {
    return new JsonObject()
        .put("live_heap_kb", thirds(footprint -> footprint.heap() / 1024))
        .put("resident_kb", thirds(Footprint::resident));
  }

  private JsonArray thirds(ToLongFunction<Footprint> of) {
    return new JsonArray().add(first(of)).add(last(of));
  }

  private void grown(
      String what, ToLongFunction<Footprint> of, long more, List<String> complaints) {
    if (last(of) > GROWTH * first(of) + more) {
      complaints.add(what + " grew from " + first(of) + " to " + last(of));
    }
  }

  private long first(ToLongFunction<Footprint> of) {
    return median(samples.subList(0, Math.max(1, samples.size() / 3)), of);
  }

  private long last(ToLongFunction<Footprint> of) {
    var count = Math.max(1, samples.size() / 3);
    return median(samples.subList(samples.size() - count, samples.size()), of);
  }

  private static long median(List<Footprint> samples, ToLongFunction<Footprint> of) {
    var sorted = samples.stream().mapToLong(of).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
