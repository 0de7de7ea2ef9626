package dev.keyturn.idp;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * The userinfo endpoint: the claims of whoever the bearer token stands for.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#UserInfo">OpenID Connect
 *     Core, section 5.3</a>
 */
record UserInfoEndpoint(Ledger ledger) {
  private static final String BEARER = "bearer ";

  void tell(RoutingContext context) {
    Optional.ofNullable(context.request().getHeader("Authorization"))
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .flatMap(header -> ledger.accessTokens().find(header.substring(BEARER.length()).strip()))
        .map(Shelf.Entry::value)
        .ifPresentOrElse(
            person -> Json.send(context, 200, claimsOf(person)), () -> challenge(context));
  }

  private static JsonObject claimsOf(Person person) {
    return new JsonObject()
        .put("sub", person.subject())
        .put("name", person.name())
        .put("preferred_username", person.username())
        .put("email", person.email())
        .put("email_verified", true);
  }

  private static void challenge(RoutingContext context) {
    context.response().putHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    Json.send(context, 401, new JsonObject().put("error", "invalid_token"));
  }
}
