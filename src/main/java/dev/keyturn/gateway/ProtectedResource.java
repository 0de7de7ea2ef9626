package dev.keyturn.gateway;

import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.net.URI;

/**
 * What an access token opens, as clients know it.
 *
 * @param resource its identifier, in the spelling that its metadata shows
 * @param scopes required of a token and named in challenges
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-1.2">RFC 9728, section 1.2</a>
 */
public record ProtectedResource(ResourceIndicator resource, Scopes scopes) {
  static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  /** The request path of its metadata. */
  public String metadataPath() {
    var below = uri().getRawPath();
    return below.equals("/") ? WELL_KNOWN : WELL_KNOWN + below;
  }

  /** The URL of its metadata, which challenges name. */
  public String metadataUrl() {
    return uri().getScheme() + "://" + uri().getRawAuthority() + metadataPath();
  }

  private URI uri() {
    return URI.create(resource.value());
  }
}
