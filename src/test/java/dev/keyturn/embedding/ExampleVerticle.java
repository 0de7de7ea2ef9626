package dev.keyturn.embedding;

import dev.keyturn.oauth.OAuthException;
import dev.keyturn.server.BusNames;
import dev.keyturn.server.KeyturnOverBus;
import dev.keyturn.server.ServerStatus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;

// example: verticle
/** Another verticle of the same process, which is handed access tokens by somebody. */
final class ExampleVerticle extends VerticleBase {
  private KeyturnOverBus keyturn;
  private HttpClient client;
  private volatile Optional<ServerStatus> known = Optional.empty();

  /** Listens first and asks then: so nothing is missed, whoever of the two starts later. */
  @Override
  public Future<?> start() {
    client = vertx.createHttpClient();
    keyturn = new KeyturnOverBus(vertx, new BusNames("login."));
    return keyturn.onConfigChanged(news -> look()).completion().compose(listening -> look());
  }

  private Future<ServerStatus> look() {
    return keyturn.status().onSuccess(now -> known = Optional.of(now));
  }

  /** Which configuration is in force, counted from 1. */
  Optional<Long> generation() {
    return known.map(ServerStatus::generation);
  }

  /** Greets whom the token names. A refusal keeps its OAuth code on its way over the bus. */
  Future<String> greet(String accessToken) {
    return keyturn
        .verify(accessToken)
        .map(token -> "hello " + token.subject())
        .recover(
            failure ->
                failure instanceof OAuthException refusal
                    ? Future.succeededFuture("no: " + refusal.error().code().wire())
                    : Future.failedFuture(failure));
  }

  /** Asks the provider something, as the person who logged in there. */
  Future<Integer> askProvider(String accessToken, RequestOptions question) {
    return keyturn
        .upstreamToken(accessToken, "default")
        .map(token -> question.putHeader("Authorization", "Bearer " + token.value()))
        .compose(client::request)
        .compose(HttpClientRequest::send)
        .map(HttpClientResponse::statusCode);
  }

  /** Ends the login that a refresh token belongs to. */
  Future<Void> logOut(String refreshToken) {
    return keyturn.revoke(refreshToken);
  }
}
// end
