package dev.keyturn.token;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.PkceChallenge;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * Authorization codes: issued once, spent once.
 *
 * <p>Before a code is taken a mark of who may have spent it is left for the code's lifetime. So a
 * replay is recognised, and can end what the code started or stop it from starting, even between
 * the taking and the starting.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749, section 4.1.2</a>
 */
public final class AuthorizationCodes {
  private final Repository<AuthorizationCode> codes;
  private final Repository<Spent> spent;
  private final OpaqueTokens tokens;
  private final Duration lifespan;

  public AuthorizationCodes(KeyValueStore store, OpaqueTokens tokens, Duration lifespan) {
    this.codes =
        new Repository<>(store, "code", AuthorizationCode::toJson, AuthorizationCode::fromJson);
    this.spent = new Repository<>(store, "spent", Spent::toJson, Spent::fromJson);
    this.tokens = tokens;
    this.lifespan = lifespan;
  }

  /** A new code. */
  public Future<String> issue(AuthorizationCode content) {
    var code = tokens.mint(content.authorization().sessionId());
    return codes.put(Digest.of(code), content, lifespan).map(code);
  }

  /** What {@code code} stands for, without spending it; empty for garbage and for a spent one. */
  public Future<Optional<AuthorizationCode>> find(String code) {
    return tokens.sessionOf(code).isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : codes.get(Digest.of(code)).map(found -> found.map(Versioned::value));
  }

  /** Spends a code that was found good; of two concurrent calls at most one is told true. */
  public Future<Boolean> spend(String code, AuthorizationCode content) {
    var id = Digest.of(code);
    var mark = new Spent(content.authorization().clientId(), content.challenge());
    return spent.put(id, mark, lifespan).compose(marked -> codes.take(id)).map(Optional::isPresent);
  }

  /**
   * The session that a spent {@code code} started, if this client with this verifier may have been
   * the one that spent it.
   *
   * @param verifier empty for none
   */
  public Future<Optional<String>> replayed(String code, String clientId, String verifier) {
    return tokens.sessionOf(code).isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : spent
            .get(Digest.of(code))
            .map(
                found ->
                    found
                        .map(Versioned::value)
                        .filter(mark -> mark.clientId().equals(clientId))
                        .filter(mark -> mark.isProvenBy(verifier))
                        .flatMap(mark -> tokens.sessionOf(code)));
  }

  private record Spent(String clientId, Optional<PkceChallenge> challenge) {
    boolean isProvenBy(String verifier) {
      return AuthorizationCode.isProven(challenge, verifier);
    }

    JsonObject toJson() {
      var json = new JsonObject().put("client", clientId);
      challenge.ifPresent(given -> json.put("challenge", given.value()));
      return json;
    }

    static Spent fromJson(JsonObject json) {
      return new Spent(
          json.getString("client"),
          Optional.ofNullable(json.getString("challenge")).map(PkceChallenge::new));
    }
  }
}
