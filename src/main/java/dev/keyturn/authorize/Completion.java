package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.AuthorizationCode;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.OpaqueTokens;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Map;

/** What a finished login leaves behind: upstream tokens in the vault, and a code. */
final class Completion {
  private final String upstream;
  private final Vault vault;
  private final AuthorizationCodes codes;
  private final SecureRandom random;
  private final Audit audit;

  /**
   * @param upstream the name of the upstream that logs people in
   */
  Completion(
      String upstream, Vault vault, AuthorizationCodes codes, SecureRandom random, Audit audit) {
    this.upstream = upstream;
    this.vault = vault;
    this.codes = codes;
    this.random = random;
    this.audit = audit;
  }

  /** The code for the client; the tokens are in the vault before anybody can redeem it. */
  Future<String> complete(AuthorizationRequest asked, UpstreamLogin login) {
    var identity = login.identity();
    var code =
        new AuthorizationCode(
            new Authorization(
                OpaqueTokens.sessionId(random),
                asked.clientId(),
                identity.subject(),
                asked.scopes(),
                asked.resources(),
                Map.of(upstream, identity.account()),
                person(identity),
                asked.returnTo().commitment()),
            asked.returnTo().uri(),
            asked.challenge(),
            asked.nonce());
    return vault
        .keep(new VaultKey(identity.subject(), upstream, identity.account()), login)
        .compose(kept -> codes.issue(code))
        .onSuccess(issued -> tell(code.authorization()));
  }

  private void tell(Authorization authorization) {
    audit.tell(
        Kind.LOGIN_FINISHED,
        Map.of(
            "client", authorization.clientId(),
            "session", authorization.sessionId(),
            "upstream", upstream));
  }

  private static Authorization.Person person(Identity identity) {
    return new Authorization.Person(
        identity.name(),
        identity.email(),
        identity.emailVerified(),
        identity.authenticatedAt(),
        identity.acr(),
        identity.amr());
  }
}
