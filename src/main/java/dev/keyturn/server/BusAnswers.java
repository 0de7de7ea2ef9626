package dev.keyturn.server;

import dev.keyturn.gateway.SessionUpstreamTokens;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.TokenVerifier;
import dev.keyturn.vault.UsableToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** What a server answers to other verticles, by what is in force when they ask. */
final class BusAnswers {
  private final Live live;
  private final Readiness readiness;
  private final TokenVerifier verifier;
  private final SessionUpstreamTokens upstreamTokens;
  private volatile ConfigChanged newest;

  BusAnswers(Live live, Readiness readiness) {
    var lasting = live.lasting();
    this.live = live;
    this.readiness = readiness;
    this.verifier = lasting.verifier();
    this.upstreamTokens =
        new SessionUpstreamTokens(
            live.wiring().sessions(), lasting.vault(), lasting.accounts(), lasting.audit());
    this.newest =
        new ConfigChanged(
            live.inForce().generation(),
            lasting.means().clock().instant(),
            live.inForce().config().pendingRestart());
  }

  /** Notes what is in force from now on; by time alone keys change, and no generation. */
  void note(ConfigChanged news) {
    if (news.generation() != newest.generation()) {
      newest = news;
    }
  }

  Future<AccessToken> verify(BusRequest.Verify asked) {
    return verifier.verify(asked.token());
  }

  Future<Void> revoke(BusRequest.Revoke asked) {
    return live.wiring().revocations().revoke(asked.token());
  }

  Future<UsableToken> upstreamToken(BusRequest.UpstreamToken asked) {
    return verifier
        .verify(asked.token())
        .compose(token -> upstreamTokens.usable(token, asked.upstream()));
  }

  Future<JsonObject> jwks(BusRequest.Jwks asked) {
    return Future.succeededFuture(live.inForce().keys().signing().jwks());
  }

  Future<ServerStatus> status(BusRequest.Status asked) {
    var known = newest;
    var details = readiness.toJson();
    return Future.succeededFuture(
        new ServerStatus(
            known.generation(),
            known.at(),
            details.getString("phase"),
            known.pendingRestart(),
            details));
  }
}
