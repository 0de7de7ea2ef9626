package dev.keyturn.upstream;

import io.vertx.core.Future;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What holds at an OpenID provider under one configuration; a request goes on under the terms that
 * it began under.
 */
final class OidcTerms {
  private final OidcUpstream.Config config;
  private final Surroundings around;
  private final Refusals refusals;
  private final TokenRequests tokens;
  private final IdTokenIdentity people;
  private Optional<AuthorizationRequests> requests = Optional.empty();

  OidcTerms(
      OidcUpstream.Config config, ProviderKeys keys, ClientSecrets secrets, Surroundings around) {
    this.config = config;
    this.around = around;
    this.refusals = new Refusals(config.name());
    this.tokens =
        new TokenRequests(config.registration(), TokenFields.STANDARD, secrets, around, refusals);
    this.people = new IdTokenIdentity(config, keys, secrets::canProve, around, refusals);
  }

  OidcUpstream.Config config() {
    return config;
  }

  void close() {
    requests.ifPresent(AuthorizationRequests::close);
  }

  LoginBegun begin(ProviderMetadata found, LoginRequest request) {
    return new LoginBegun(requestsTo(found.authorization()).url(request), LoginTerms.of(config));
  }

  Future<UpstreamLogin> finish(ProviderMetadata found, LoginAnswer answer) {
    return Future.succeededFuture(answer)
        .map(came -> tokens.requireBegunAt(config.issuedBy(), came))
        .map(came -> codeOf(came, found))
        .compose(code -> tokens.redeem(found.token(), code, answer))
        .compose(redeemed -> login(redeemed.tokens(), found, answer))
        .map(login -> login.of(answer.terms().clientId()))
        .recover(cause -> Future.failedFuture(asLoginRefusal(cause)));
  }

  Future<RefreshAnswer> redeem(
      ProviderMetadata found, UpstreamTokens old, Identity of, String client) {
    return people.mayBeOwn(old, of)
        ? tokens.refresh(found.token(), old, client)
        : Future.succeededFuture(new RefreshAnswer.Refused());
  }

  Future<UpstreamTokens> validate(
      ProviderMetadata found, UpstreamTokens fresh, Identity of, String client) {
    return people
        .same(fresh, found.jwks(), of, client)
        .recover(cause -> Future.failedFuture(asRefreshRefusal(cause)));
  }

  Future<LogoutNotice> loggedOut(Supplier<Future<ProviderMetadata>> metadata, String token) {
    return people.loggedOut(token, () -> metadata.get().map(ProviderMetadata::jwks));
  }

  Future<RevocationAnswer> revoke(ProviderMetadata found, UpstreamTokens unused, String client) {
    return tokens.revoke(found.revocation(), unused, client);
  }

  /** RFC 9207: an answer of another provider must not be redeemed at this one. */
  private String codeOf(LoginAnswer answer, ProviderMetadata found) {
    if (!answer.iss().map(config.issuer()::mayAnswer).orElse(!found.namesItself())) {
      throw refusals.of("callback", "wrong_iss");
    }
    return refusals.codeOf(answer);
  }

  private Future<UpstreamLogin> login(
      UpstreamTokens fresh, ProviderMetadata found, LoginAnswer answer) {
    return people.of(fresh, found.jwks(), answer, config.nonceRequired());
  }

  private Throwable asLoginRefusal(Throwable cause) {
    return cause instanceof InvalidIdToken token ? refusals.of("id_token", token.check()) : cause;
  }

  private Throwable asRefreshRefusal(Throwable cause) {
    return cause instanceof InvalidIdToken token ? refusals.of("refresh", token.check()) : cause;
  }

  private AuthorizationRequests requestsTo(URI endpoint) {
    var fitting =
        requests
            .filter(open -> open.isTo(endpoint))
            .orElseGet(
                () -> {
                  close();
                  return new AuthorizationRequests(around.vertx(), config.registration(), endpoint);
                });
    requests = Optional.of(fitting);
    return fitting;
  }
}
