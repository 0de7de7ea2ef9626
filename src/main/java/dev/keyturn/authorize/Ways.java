package dev.keyturn.authorize;

import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The upstreams, in the configuration's order, and which resources need the tokens of which.
 *
 * @param needs for each resource that is given an upstream's tokens
 */
public record Ways(List<Way> all, List<Need> needs) {
  public Ways {
    all = List.copyOf(all);
    needs = List.copyOf(needs);
  }

  /** A resource that is given the tokens of an upstream. */
  public record Need(ResourceIndicator resource, String upstream) {}

  Optional<Way> find(String name) {
    return all.stream().filter(way -> way.name().equals(name)).findFirst();
  }

  /** Those that people may log in at; never empty. */
  List<Way> identities() {
    return all.stream().filter(way -> way.role().identity()).toList();
  }

  Optional<Way> identity(String name) {
    return find(name).filter(way -> way.role().identity());
  }

  /** Whether each place to log in knows {@code prompt}. */
  boolean knowPrompt() {
    return identities().stream().allMatch(Way::openId);
  }

  /** Those at which somebody who logs in at {@code identity} is to have an account as well. */
  List<Way> legs(String identity, List<String> resources) {
    return all.stream()
        .filter(way -> !way.name().equals(identity))
        .filter(way -> !way.role().onDemand() || isNeeded(way.name(), resources))
        .toList();
  }

  /** Whether one of the resources is given its tokens. */
  boolean isNeeded(String upstream, List<String> resources) {
    return resources.stream().anyMatch(resource -> isGiven(resource, upstream));
  }

  /** Whether none of the resources can do without its tokens. */
  boolean isNeededByAll(String upstream, List<String> resources) {
    return resources.stream().allMatch(resource -> isGiven(resource, upstream));
  }

  /** The upstreams whose tokens would be used, with the scopes there. */
  Map<String, Scopes> used(Way identity, List<String> resources) {
    var used = new LinkedHashMap<String, Scopes>();
    used.put(identity.name(), identity.scopes());
    legs(identity.name(), resources).forEach(leg -> used.put(leg.name(), leg.scopes()));
    return used;
  }

  private boolean isGiven(String resource, String upstream) {
    return ResourceIndicator.isValid(resource)
        && needs.stream()
            .filter(need -> need.upstream().equals(upstream))
            .anyMatch(need -> need.resource().names(new ResourceIndicator(resource)));
  }
}
