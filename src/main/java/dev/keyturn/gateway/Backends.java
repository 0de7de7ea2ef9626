package dev.keyturn.gateway;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The backends of a gateway, which claim neither each other's paths nor those of an endpoint. */
public final class Backends {
  private final List<Backend> longestFirst;

  /**
   * @param endpointPaths the paths of the authorization endpoints; {@code :name} stands for one
   *     segment
   */
  public Backends(Collection<Backend> backends, Collection<String> endpointPaths) {
    var taken = new HashSet<String>();
    for (var backend : backends) {
      if (!taken.add(backend.path())) {
        throw new IllegalArgumentException("path " + backend.path() + " has two backends");
      }
      if (!taken.add(backend.asResource().metadataPath())) {
        throw new IllegalArgumentException(
            "resource " + backend.resource().value() + " has the same path as another resource");
      }
      endpointPaths.forEach(endpoint -> requireApart(backend.path(), endpoint));
    }
    longestFirst =
        backends.stream()
            .sorted(Comparator.comparingInt((Backend backend) -> -backend.path().length()))
            .toList();
  }

  /** All of them. */
  public List<Backend> all() {
    return longestFirst;
  }

  /** All of them, as clients know them. */
  public List<ProtectedResource> asResources() {
    return longestFirst.stream().map(Backend::asResource).toList();
  }

  /** The backend that serves the raw request path, the one with the longest path first. */
  Optional<Backend> serving(String path) {
    return longestFirst.stream().filter(backend -> backend.serves(path)).findFirst();
  }

  /** Whether {@code path} is that of the endpoint or lies under it. */
  public static boolean isUnder(String path, String endpoint) {
    var own = path.split("/", -1);
    var taken = endpoint.split("/", -1);
    var under = own.length >= taken.length;
    for (var i = 0; under && i < taken.length; i++) {
      under = taken[i].startsWith(":") || taken[i].equals(own[i]);
    }
    return under;
  }

  private static void requireApart(String path, String endpoint) {
    if (isUnder(path, endpoint)) {
      throw new IllegalArgumentException(
          "path " + path + " is that of the endpoint " + endpoint + " or lies under it");
    }
  }
}
