package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import java.net.URI;
import java.util.Optional;

/** What is known of one identity provider before it is asked: one entry of {@code upstreams}. */
public sealed interface UpstreamConfig permits OidcUpstream.Config, OAuth2Upstream.Config {
  /** A DNS label; it is part of callback paths. */
  String name();

  Registration registration();

  /** Whether the provider can say without asking anybody who is logged in ({@code prompt=none}). */
  boolean mayBeSilent();

  /** Who names the people of this provider: its issuer, or the URL of its token endpoint. */
  String issuedBy();

  /**
   * Whether both are one provider that is reached in one way, so that what is known of it stays.
   */
  boolean isAt(UpstreamConfig other);

  /** The same provider for another client that we are there. */
  UpstreamConfig as(Credentials client);

  default Optional<Secret> clientSecret() {
    return registration().secret();
  }

  /** Where the browser comes back to from this provider. */
  default URI redirectUri() {
    return URI.create(registration().redirectUri());
  }
}
