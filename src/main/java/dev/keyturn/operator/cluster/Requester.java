package dev.keyturn.operator.cluster;

import java.util.List;
import java.util.Map;

/** Who asked the API server for a change, as it has authenticated them. */
public record Requester(
    String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  public Requester {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }
}
