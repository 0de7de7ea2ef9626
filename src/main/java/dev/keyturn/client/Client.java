package dev.keyturn.client;

import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A client as this server knows it.
 *
 * @param name what it calls itself, a claim unless it is pre-registered
 * @param grantTypes the grants that it may use
 * @param scopeCeiling the scopes beyond which it is never granted any; empty: no ceiling of its own
 * @param audiences the resources that it may ask for; empty: every one
 * @param logout where it and its people go when a login ends
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591, section 2</a>
 */
public record Client(
    String id,
    Kind kind,
    ClientName name,
    List<RedirectUri> redirectUris,
    Set<String> grantTypes,
    Optional<Scopes> scopeCeiling,
    List<String> audiences,
    Authentication authentication,
    LogoutUris logout) {
  /** The grant of {@code grant_type=authorization_code}. */
  public static final String AUTHORIZATION_CODE = "authorization_code";

  /** The grant of {@code grant_type=refresh_token}. */
  public static final String REFRESH_TOKEN = "refresh_token";

  public Client {
    redirectUris = List.copyOf(redirectUris);
    grantTypes = Set.copyOf(grantTypes);
    audiences = List.copyOf(audiences);
  }

  /** One that says nothing of logouts. */
  public Client(
      String id,
      Kind kind,
      ClientName name,
      List<RedirectUri> redirectUris,
      Set<String> grantTypes,
      Optional<Scopes> scopeCeiling,
      List<String> audiences,
      Authentication authentication) {
    this(
        id,
        kind,
        name,
        redirectUris,
        grantTypes,
        scopeCeiling,
        audiences,
        authentication,
        LogoutUris.NONE);
  }

  /** A public client. */
  public Client(
      String id,
      Kind kind,
      ClientName name,
      List<RedirectUri> redirectUris,
      Set<String> grantTypes,
      Optional<Scopes> scopeCeiling,
      List<String> audiences) {
    this(id, kind, name, redirectUris, grantTypes, scopeCeiling, audiences, Authentication.PUBLIC);
  }

  /** Where a client comes from, and so how far its own words are trusted. */
  public enum Kind {
    /** Named in the configuration by the operator. */
    PRE_REGISTERED,
    /** Known by the document that its name leads to: a stranger whose name is a claim. */
    METADATA_DOCUMENT,
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

  /** What an authorization of this client rests on. */
  public Commitment commitment() {
    return Commitment.of(authentication);
  }

  /** The same client with no other way to authenticate than by this key, which it has shown. */
  Client provenBy(ClientKeys keys) {
    return new Client(
        id,
        kind,
        name,
        redirectUris,
        grantTypes,
        scopeCeiling,
        audiences,
        authentication.provenBy(keys),
        logout);
  }

  /** Whether it proves itself by something that nobody else has. */
  public boolean isConfidential() {
    return authentication.isConfidential();
  }

  public boolean may(String grantType) {
    return grantTypes.contains(grantType);
  }
}
