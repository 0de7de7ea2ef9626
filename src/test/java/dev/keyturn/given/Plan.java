package dev.keyturn.given;

import dev.keyturn.idp.Faults;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What is different about a {@link Flow}.
 *
 * @param path of the issuer
 * @param browserHost of {@code authorization_endpoint_base_url}; empty if that is the issuer
 * @param more top-level settings
 * @param upstream more members of {@code oidc_config}
 * @param outgoing what the backend is given
 * @param backend the MCP server, if it is not the sample one
 * @param upstreamTokens how long the provider's access tokens live
 * @param faults of the provider at the start
 * @param allow who may log in
 * @param clients more entries of {@code clients}
 */
public record Plan(
    String path,
    Optional<String> browserHost,
    String more,
    String upstream,
    String outgoing,
    Optional<URI> backend,
    Duration upstreamTokens,
    Faults faults,
    String allow,
    String clients) {
  /** Nothing is. */
  public static final Plan USUAL =
      new Plan(
          "",
          Optional.empty(),
          "",
          "",
          "{provider: demo}",
          Optional.empty(),
          Duration.ofMinutes(5),
          Faults.none(),
          "anyone",
          "");

  public Plan at(String issuerPath) {
    return new Plan(
        issuerPath,
        browserHost,
        more,
        upstream,
        outgoing,
        backend,
        upstreamTokens,
        faults,
        allow,
        clients);
  }

  public Plan forBrowsersAt(String host) {
    return new Plan(
        path,
        Optional.of(host),
        more,
        upstream,
        outgoing,
        backend,
        upstreamTokens,
        faults,
        allow,
        clients);
  }

  public Plan with(String settings) {
    return new Plan(
        path,
        browserHost,
        more + settings + "\n",
        upstream,
        outgoing,
        backend,
        upstreamTokens,
        faults,
        allow,
        clients);
  }

  public Plan withUpstream(String members) {
    return new Plan(
        path,
        browserHost,
        more,
        members,
        outgoing,
        backend,
        upstreamTokens,
        faults,
        allow,
        clients);
  }

  public Plan giving(String mapping) {
    return new Plan(
        path,
        browserHost,
        more,
        upstream,
        mapping,
        backend,
        upstreamTokens,
        faults,
        allow,
        clients);
  }

  public Plan before(URI mcp) {
    return new Plan(
        path,
        browserHost,
        more,
        upstream,
        outgoing,
        Optional.of(mcp),
        upstreamTokens,
        faults,
        allow,
        clients);
  }

  public Plan withUpstreamTokensFor(Duration life) {
    return new Plan(
        path, browserHost, more, upstream, outgoing, backend, life, faults, allow, clients);
  }

  public Plan startingWith(Faults broken) {
    return new Plan(
        path,
        browserHost,
        more,
        upstream,
        outgoing,
        backend,
        upstreamTokens,
        broken,
        allow,
        clients);
  }

  public Plan admitting(String rule) {
    return new Plan(
        path,
        browserHost,
        more,
        upstream,
        outgoing,
        backend,
        upstreamTokens,
        faults,
        rule,
        clients);
  }

  public Plan withClients(String entries) {
    return new Plan(
        path,
        browserHost,
        more,
        upstream,
        outgoing,
        backend,
        upstreamTokens,
        faults,
        allow,
        entries);
  }
}
