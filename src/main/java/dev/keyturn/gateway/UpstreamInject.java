package dev.keyturn.gateway;

import dev.keyturn.token.AccessToken;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Gives the backend the access token that an upstream identity provider issued for the user.
 *
 * @param provider the upstream's name
 * @param header the header that carries {@code Bearer} and the token
 */
public record UpstreamInject(String provider, String header) implements Outgoing {
  /** The header of RFC 6750. */
  public static final String AUTHORIZATION = "Authorization";

  private static final String SCHEME = "Bearer ";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final Set<String> FRAMING =
      Set.of("host", "content-length", "transfer-encoding", "connection", "upgrade", "te");

  public UpstreamInject {
    if (provider.isEmpty()) {
      throw new IllegalArgumentException("provider must name an upstream");
    }
    if (!NAME.matcher(header).matches() || FRAMING.contains(header.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("header must be the name of a header for credentials");
    }
  }

  /** The token of {@code provider} in the {@code Authorization} header. */
  public UpstreamInject(String provider) {
    this(provider, AUTHORIZATION);
  }

  @Override
  public Future<Map<String, String>> headers(AccessToken token, UpstreamTokens upstreams) {
    return upstreams.accessToken(token, provider).map(this::inHeader);
  }

  @Override
  public Optional<String> upstream() {
    return Optional.of(provider);
  }

  @Override
  public boolean isRenewable() {
    return true;
  }

  @Override
  public Future<Map<String, String>> renewed(
      AccessToken token, UpstreamTokens upstreams, Map<String, String> refused) {
    var value = refused.getOrDefault(header, "");
    return upstreams
        .insteadOf(value.substring(Math.min(value.length(), SCHEME.length())), token, provider)
        .map(this::inHeader);
  }

  private Map<String, String> inHeader(String upstreamToken) {
    return Map.of(header, SCHEME + upstreamToken);
  }
}
