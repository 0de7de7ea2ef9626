package dev.keyturn.client;

import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A client as this server knows it.
 *
 * @param name what it calls itself, a claim unless it is pre-registered; may be empty
 * @param grantTypes the grants that it may use
 * @param scopeCeiling the scopes beyond which it is never granted any; empty: no ceiling of its own
 * @param audiences the resources that it may ask for; empty: every one
 * @param localNames what it calls itself in some languages, by language tags in lower case
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591, section 2</a>
 */
public record Client(
    String id,
    Kind kind,
    String name,
    List<RedirectUri> redirectUris,
    Set<String> grantTypes,
    Optional<Scopes> scopeCeiling,
    List<String> audiences,
    Map<String, String> localNames) {
  /** The grant of {@code grant_type=authorization_code}. */
  public static final String AUTHORIZATION_CODE = "authorization_code";

  /** The grant of {@code grant_type=refresh_token}. */
  public static final String REFRESH_TOKEN = "refresh_token";

  public Client {
    redirectUris = List.copyOf(redirectUris);
    grantTypes = Set.copyOf(grantTypes);
    audiences = List.copyOf(audiences);
    localNames = Collections.unmodifiableMap(new TreeMap<>(localNames));
  }

  /** A client that calls itself the same in every language. */
  public Client(
      String id,
      Kind kind,
      String name,
      List<RedirectUri> redirectUris,
      Set<String> grantTypes,
      Optional<Scopes> scopeCeiling,
      List<String> audiences) {
    this(id, kind, name, redirectUris, grantTypes, scopeCeiling, audiences, Map.of());
  }

  /**
   * What it calls itself in {@code language}, or at all.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2.2">RFC 7591, section 2.2</a>
   */
  public String nameIn(String language) {
    var tag = language.toLowerCase(Locale.ROOT);
    return Optional.ofNullable(localNames.get(tag))
        .or(() -> firstOf(name -> name.startsWith(tag + "-")))
        .or(() -> Optional.of(name).filter(plain -> !plain.isEmpty()))
        .or(() -> firstOf(any -> true))
        .orElse("");
  }

  private Optional<String> firstOf(Predicate<String> tags) {
    return localNames.entrySet().stream()
        .filter(local -> tags.test(local.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Where a client comes from, and so how far its own words are trusted. */
  public enum Kind {
    /** Named in the configuration by the operator. */
    PRE_REGISTERED,
    /** Registered by itself: a stranger whose name is a claim. */
    REGISTERED
  }

  /** Whether nobody but the client itself vouches for what it says of itself. */
  public boolean isStranger() {
    return kind != Kind.PRE_REGISTERED;
  }

  /** The registered redirect URI that admits {@code requested}, if one does. */
  public Optional<RedirectUri> admits(String requested) {
    return redirectUris.stream().filter(uri -> uri.admits(requested)).findFirst();
  }

  public boolean may(String grantType) {
    return grantTypes.contains(grantType);
  }
}
