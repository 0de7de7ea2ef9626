package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.INVALID_SCOPE;
import static dev.keyturn.oauth.ErrorCode.INVALID_TARGET;

import dev.keyturn.client.Client;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What this server can grant: scopes, resources, and which scopes belong to which resource.
 *
 * @param audiences in the configuration's order and spelling
 * @param scopesOf for each resource that a backend serves, the scopes that the backend lists
 * @param strangersCeiling beyond which no client that registered itself is granted any scope
 */
public record Offer(
    Scopes scopes,
    List<ResourceIndicator> audiences,
    Map<String, Scopes> scopesOf,
    Optional<Scopes> strangersCeiling) {
  public Offer {
    audiences = List.copyOf(audiences);
    scopesOf = spelledLike(audiences, scopesOf);
  }

  /** A backend and {@code allowed_audiences} may spell one resource differently. */
  private static Map<String, Scopes> spelledLike(
      List<ResourceIndicator> audiences, Map<String, Scopes> scopesOf) {
    return scopesOf.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                entry -> spelling(audiences, entry.getKey()).orElse(entry.getKey()),
                Map.Entry::getValue,
                Scopes::plus));
  }

  private static Optional<String> spelling(List<ResourceIndicator> audiences, String resource) {
    return Optional.of(resource)
        .filter(ResourceIndicator::isValid)
        .map(ResourceIndicator::new)
        .flatMap(named -> audiences.stream().filter(named::names).findFirst())
        .map(ResourceIndicator::value);
  }

  /** The resources of a request, in the configuration's spelling. */
  List<String> resources(Client client, List<String> asked) {
    if (asked.isEmpty()) {
      return List.of(defaultResource(client));
    }
    var resources = new LinkedHashSet<String>();
    asked.forEach(resource -> resources.add(allowed(client, resource)));
    return List.copyOf(resources);
  }

  /** The scopes of a request for {@code resources}; what those list by default if none is asked. */
  Scopes scopes(Client client, Optional<String> asked, List<String> resources) {
    if (asked.isEmpty()) {
      return within(client, listedBy(resources));
    }
    var wanted = Scopes.parse(asked.get());
    wanted.names().forEach(name -> requireGrantable(client, name, resources));
    return wanted;
  }

  private String defaultResource(Client client) {
    return allowedFor(client).stream()
        .findFirst()
        .or(() -> onlyAudience().filter(only -> client.audiences().isEmpty()))
        .orElseThrow(() -> INVALID_TARGET.because("resource is missing: this server has several"));
  }

  private Optional<String> onlyAudience() {
    return audiences.size() == 1 ? Optional.of(audiences.get(0).value()) : Optional.empty();
  }

  /** The audiences that the operator named for this client. */
  private List<String> allowedFor(Client client) {
    return client.audiences().stream()
        .flatMap(audience -> spelling(audiences, audience).stream())
        .toList();
  }

  private String allowed(Client client, String asked) {
    return spelling(audiences, new ResourceIndicator(asked).value())
        .filter(value -> client.audiences().isEmpty() || allowedFor(client).contains(value))
        .orElseThrow(() -> INVALID_TARGET.because("resource is not served here"));
  }

  private Scopes listedBy(List<String> resources) {
    return resources.stream()
        .map(resource -> scopesOf.getOrDefault(resource, Scopes.NONE))
        .reduce(Scopes.NONE, Scopes::plus);
  }

  /** Those of {@code scopes} that could be asked for today. */
  Scopes still(Client client, Scopes granted, List<String> resources) {
    return Scopes.of(
        granted.names().stream()
            .filter(name -> complaint(client, name, resources).isEmpty())
            .toList());
  }

  private void requireGrantable(Client client, String name, List<String> resources) {
    complaint(client, name, resources)
        .ifPresent(
            complaint -> {
              throw INVALID_SCOPE.because("scope " + name + " " + complaint);
            });
  }

  private Optional<String> complaint(Client client, String name, List<String> resources) {
    if (name.equals(Scopes.OFFLINE_ACCESS)) {
      return Optional.empty();
    }
    if (!scopes.contains(name)) {
      return Optional.of("is not supported");
    }
    if (!ceiling(client).map(ceiling -> ceiling.contains(name)).orElse(true)) {
      return Optional.of("is not allowed for this client");
    }
    return belongsElsewhere(name, resources)
        ? Optional.of("belongs to another resource")
        : Optional.empty();
  }

  /** Whether only some backends list the scope, and none of those is asked for. */
  private boolean belongsElsewhere(String name, List<String> resources) {
    var listing = scopesOf.entrySet().stream().filter(e -> e.getValue().contains(name)).toList();
    return !listing.isEmpty()
        && listing.size() < scopesOf.size()
        && listing.stream().noneMatch(entry -> resources.contains(entry.getKey()));
  }

  private Scopes within(Client client, Scopes wanted) {
    return ceiling(client)
        .map(ceiling -> Scopes.of(wanted.names().stream().filter(ceiling::contains).toList()))
        .orElse(wanted);
  }

  private Optional<Scopes> ceiling(Client client) {
    return client.isStranger() ? strangersCeiling : client.scopeCeiling();
  }
}
