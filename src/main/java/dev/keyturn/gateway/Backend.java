package dev.keyturn.gateway;

import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An MCP server behind the gateway, and the protected resource that clients know it as.
 *
 * @param path where clients reach it; it serves this path and what lies below
 * @param resource its identifier, in the spelling that its metadata shows
 * @param url where the gateway reaches it
 * @param scopes required of every token and named in challenges; {@code offline_access} is left
 *     out, since it is for the authorization server alone
 * @param audiences of which a token must name one to be accepted here
 * @param outgoing what it is given in place of the client's token
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-1.2">RFC 9728, section 1.2</a>
 */
public record Backend(
    String path,
    ResourceIndicator resource,
    URI url,
    Scopes scopes,
    List<Audience> audiences,
    Outgoing outgoing) {
  private static final Pattern PLAIN_PATH = Pattern.compile("/|(/[A-Za-z0-9._~-]+)+/?");
  private static final Set<String> SCHEMES = Set.of("http", "https");

  public Backend {
    Objects.requireNonNull(outgoing, "outgoing");
    scopes = scopes.without(Scopes.parse(Scopes.OFFLINE_ACCESS));
    audiences = List.copyOf(audiences);
    require(
        isPlain(path) && (path.equals("/") || !path.endsWith("/")),
        "path must begin with a slash, end without one, and have plain segments such as /mcp");
    requireUrl(uri(resource), "resource");
    require(
        uri(resource).getRawPath().isEmpty() || isPlain(uri(resource).getRawPath()),
        "resource must have a path of plain segments such as /mcp");
    requireUrl(url, "url");
    require(
        url.getRawPath().isEmpty() || RequestPath.isUnambiguous(url.getRawPath()),
        "url must have no dot segments, empty segments or encoded slashes in its path");
    require(!audiences.isEmpty(), "audiences must name at least the resource");
  }

  /** Whether the raw request path {@code requested} is the backend's or lies below it. */
  public boolean serves(String requested) {
    return requested.equals(path) || requested.startsWith(path.equals("/") ? "/" : path + "/");
  }

  /** Whether one of {@code named}, the audience of a token, is meant for this backend. */
  public boolean isNamedBy(List<String> named) {
    return named.stream().anyMatch(name -> audiences.stream().anyMatch(own -> own.is(name)));
  }

  /** What clients know it as. */
  public ProtectedResource asResource() {
    return new ProtectedResource(resource, scopes);
  }

  /** The request target at the backend for a request that it serves here. */
  String target(String requested, Optional<String> query) {
    var rest = path.equals("/") ? requested.substring(1) : requested.substring(path.length());
    var target = join(url.getRawPath(), rest);
    return query.map(text -> target + "?" + text).orElse(target);
  }

  private static String join(String base, String rest) {
    if (rest.isEmpty()) {
      return base.isEmpty() ? "/" : base;
    }
    var below = rest.startsWith("/") ? rest : "/" + rest;
    return base.endsWith("/") ? base + below.substring(1) : base + below;
  }

  private static URI uri(ResourceIndicator resource) {
    return URI.create(resource.value());
  }

  private static void requireUrl(URI url, String name) {
    require(
        url.getHost() != null && SCHEMES.contains(String.valueOf(url.getScheme())),
        name + " must be an absolute http or https URL");
    require(
        url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null,
        name + " must have no user information, query or fragment");
  }

  private static boolean isPlain(String path) {
    return PLAIN_PATH.matcher(path).matches() && RequestPath.isUnambiguous(path);
  }

  private static void require(boolean fine, String complaint) {
    if (!fine) {
      throw new IllegalArgumentException(complaint);
    }
  }
}
