package dev.keyturn.vault;

import dev.keyturn.given.QuietUpstream;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.RevocationAnswer;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A provider whose refresh answers a test gives when it likes. */
final class ScriptedUpstream implements QuietUpstream {
  final List<String> redeemed = new ArrayList<>();
  final List<Promise<RefreshAnswer>> asked = new ArrayList<>();
  final List<String> generations = new ArrayList<>();
  final List<String> judged = new ArrayList<>();
  final List<String> revoked = new ArrayList<>();
  Function<UpstreamTokens, Future<UpstreamTokens>> judgement = Future::succeededFuture;
  Function<UpstreamTokens, Future<RevocationAnswer>> revocation =
      unused -> Future.succeededFuture(RevocationAnswer.REVOKED);

  static Identity person(String account) {
    return new Identity(
        "u_" + account,
        account,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  static UpstreamTokens tokens(String access, Optional<String> refresh, Optional<Instant> end) {
    return new UpstreamTokens(
        access, refresh, Optional.of("id-of-" + access), end, Scopes.parse("openid"));
  }

  @Override
  public Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
    var answer = Promise.<RefreshAnswer>promise();
    generations.add(generation);
    redeemed.add(old.refreshToken().orElseThrow());
    asked.add(answer);
    return answer.future();
  }

  @Override
  public Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
    judged.add(fresh.accessToken());
    return judgement.apply(fresh);
  }

  @Override
  public Future<RevocationAnswer> revoke(UpstreamTokens unused, String generation) {
    revoked.add(unused.refreshToken().orElse(unused.accessToken()));
    return revocation.apply(unused);
  }

  /** Answers the last question. */
  void answer(UpstreamTokens tokens) {
    answer(new RefreshAnswer.Redeemed(tokens));
  }

  void answer(RefreshAnswer answer) {
    asked.get(asked.size() - 1).complete(answer);
  }

  /** Fails before anything was sent. */
  void fail(Throwable cause) {
    asked.get(asked.size() - 1).fail(cause);
  }
}
