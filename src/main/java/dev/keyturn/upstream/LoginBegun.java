package dev.keyturn.upstream;

import java.net.URI;

/**
 * A login that the browser can be sent away with.
 *
 * @param location the authorization request
 * @param terms what {@link Upstream#finish} must be given back
 */
public record LoginBegun(URI location, LoginTerms terms) {
  /** Shows nothing of the request, which names the login. */
  @Override
  public String toString() {
    return "LoginBegun[" + terms + "]";
  }
}
