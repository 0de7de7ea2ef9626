package dev.keyturn.operator.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.operator.render.Remark.Weight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Leaves to the clients of a config what there is at one deployment.
 *
 * <p>A config is older than some of its servers, and may serve each of them elsewhere; so a client
 * may name audiences and scopes that are not here. A client that is left with nothing is left out:
 * without a list it would be allowed everything.
 */
final class ClientWriting {
  private static final String FIELD = "clients[%d]";

  private final Place place;
  private final Map<String, Place> origins = new HashMap<>();
  private final List<Remark> remarks = new ArrayList<>();

  /**
   * @param place the part that has the list {@code clients}
   */
  ClientWriting(Place place) {
    this.place = place;
  }

  Map<String, Place> origins() {
    return origins;
  }

  List<Remark> remarks() {
    return remarks;
  }

  /** Reduces the list {@code clients} of {@code document}. */
  void reduce(ObjectNode document, List<String> resources, Collection<String> scopes) {
    if (!(document.path("clients") instanceof ArrayNode all)) {
      return;
    }
    var here = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < all.size(); i++) {
      var client = (ObjectNode) all.get(i);
      var own = place.at("." + FIELD.formatted(i));
      var audience = keep(client, "audiences", own, one -> isOf(resources, one));
      var scope = scopes.isEmpty() || keep(client, "scopes", own, scopes::contains);
      if (audience && scope) {
        origins.put(FIELD.formatted(here.size()), own);
        here.add(client);
      } else {
        distrust(document, client.path("client_id").asText());
      }
    }
    document.set("clients", here);
  }

  /** Nobody is trusted who is not among the clients. */
  private static void distrust(ObjectNode document, String id) {
    if (document.path("consent").path("trusted_clients") instanceof ArrayNode trusted) {
      trusted.removeIf(one -> one.asText().equals(id));
    }
  }

  /** Whether something is left, or nothing was asked for. */
  private boolean keep(ObjectNode client, String list, Place own, Predicate<String> fits) {
    if (!(client.path(list) instanceof ArrayNode wanted) || wanted.isEmpty()) {
      return true;
    }
    var kept = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < wanted.size(); i++) {
      if (fits.test(wanted.get(i).asText())) {
        kept.add(wanted.get(i));
      } else if (!wanted.get(i).asText().equals(Scopes.OFFLINE_ACCESS)) {
        remarks.add(
            own.at("." + list + "[" + i + "]")
                .remark(
                    Weight.NOTE, "is of no server behind this one", "nothing is granted for it"));
      }
    }
    client.set(list, kept);
    return !kept.isEmpty();
  }

  private static boolean isOf(List<String> resources, String audience) {
    return ResourceIndicator.isValid(audience)
        && resources.stream()
            .filter(ResourceIndicator::isValid)
            .map(ResourceIndicator::new)
            .anyMatch(new ResourceIndicator(audience)::names);
  }
}
