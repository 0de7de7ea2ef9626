package dev.keyturn.server;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.keys.SigningKeys;
import dev.keyturn.keys.VerificationKey;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Guards our own bearer-protected routes with vertx-auth-jwt in front of our own verdict, so that
 * what tells about a person is shown only if two implementations agree.
 *
 * <p>vertx-auth-jwt accepts unsigned tokens when it has no usable key, so it is never built without
 * one, and what it does not look at ({@code typ}, a missing {@code exp}, when the key stopped
 * signing, revocation) the second verdict does. It verifies on the calling thread, hence in a
 * worker.
 */
final class JwtGuard implements TokenVerifier {
  private final Vertx vertx;
  private final Supplier<SigningKeys> keys;
  private final Issuer issuer;
  private final TokenVerifier verdict;
  private volatile Built built;

  JwtGuard(Vertx vertx, Supplier<SigningKeys> keys, Issuer issuer, TokenVerifier verdict) {
    this.vertx = vertx;
    this.keys = keys;
    this.issuer = issuer;
    this.verdict = verdict;
    this.built = build(keys.get());
  }

  @Override
  public Future<AccessToken> verify(String token) {
    return vertx
        .executeBlocking(() -> newest().authenticate(new TokenCredentials(token)), false)
        .compose(user -> user)
        .recover(refusal -> Future.failedFuture(INVALID_TOKEN.because("the token is not valid")))
        .compose(user -> verdict.verify(token));
  }

  private JWTAuth newest() {
    var snapshot = keys.get();
    if (!built.keys().equals(snapshot)) {
      built = build(snapshot);
    }
    return built.guard();
  }

  private Built build(SigningKeys snapshot) {
    var jwks = snapshot.all().stream().flatMap(JwtGuard::publicParts).toList();
    if (jwks.isEmpty()) {
      throw new IllegalStateException("a guard without a key would accept unsigned tokens");
    }
    var options =
        new JWTAuthOptions()
            .setJwks(jwks)
            .setJWTOptions(new JWTOptions().setIssuer(issuer.value()));
    return new Built(snapshot, JWTAuth.create(vertx, options));
  }

  /** vertx-auth-jwt binds a key to one algorithm, so a key that verifies several is given often. */
  private static Stream<JsonObject> publicParts(VerificationKey key) {
    return key.verifiable().stream()
        .map(
            algorithm ->
                new JsonObject(key.publicJwk().toPublicJWK().toJSONObject())
                    .put("alg", algorithm.wire()));
  }

  private record Built(SigningKeys keys, JWTAuth guard) {}
}
