package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.client.ClientName;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.PkceChallenge;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Clients and good authorization requests. */
final class GivenRequest {
  static final Issuer ISSUER = new Issuer("https://as.example");
  static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  static final String RESOURCE = "https://mcp.example.com/mcp";

  private GivenRequest() {}

  static Client stranger(String name, String... uris) {
    return client(Client.Kind.REGISTERED, name, List.of(), uris);
  }

  static Client preRegistered(String... uris) {
    return client(Client.Kind.PRE_REGISTERED, "Our Client", List.of(), uris);
  }

  static Client client(Client.Kind kind, String name, List<String> audiences, String... uris) {
    return client("c1", kind, name, audiences, uris);
  }

  static Client client(
      String id, Client.Kind kind, String name, List<String> audiences, String... uris) {
    return new Client(
        id,
        kind,
        new ClientName(name),
        Stream.of(uris).map(RedirectUri::new).toList(),
        Set.of(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN),
        Optional.empty(),
        audiences);
  }

  static ReturnAddress address(Client client, String state) {
    return ReturnAddress.trusted(
            client,
            Optional.of(client.redirectUris().get(0).value()),
            Optional.of(state).filter(text -> !text.isEmpty()))
        .orElseThrow();
  }

  static AuthorizationRequest request(Client client, Instant at) {
    return request(client, "mcp:read", List.of(RESOURCE), at);
  }

  static AuthorizationRequest request(
      Client client, String scopes, List<String> resources, Instant at) {
    return new AuthorizationRequest(
        address(client, "s"),
        Scopes.parse(scopes),
        resources,
        Optional.of(new PkceChallenge(CHALLENGE)),
        Optional.of("n"),
        Map.of("login_hint", "alice"),
        at);
  }

  /** What a page asks about a request before anybody has logged in. */
  static Question question(AuthorizationRequest request) {
    return new Question(
        request,
        request.scopes(),
        "okta",
        Map.of("okta", Scopes.parse("openid repo")),
        Optional.empty());
  }
}
