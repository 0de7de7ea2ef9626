package dev.keyturn.upstream;

import io.vertx.core.Future;

/** An {@link Upstream} as its owner sees it: with a life, and a state of its own. */
interface Provider extends Upstream {
  /** Begins to find out what it needs; waits for nothing. */
  void start();

  void stop();

  UpstreamStatus status();

  /** Who names the people here, as {@link UpstreamConfig#issuedBy} of its configuration. */
  String issuedBy();

  /** Goes on under {@code next} if that is this very provider; tells whether it is. */
  boolean adopt(UpstreamConfig next);

  ClientSecrets secrets();

  @Override
  default Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of) {
    return redeem(old, of, "");
  }

  @Override
  default Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of) {
    return validate(fresh, of, "");
  }

  @Override
  default Future<RevocationAnswer> revoke(UpstreamTokens unused) {
    return revoke(unused, "");
  }

  @Override
  Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation);

  @Override
  Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation);

  @Override
  Future<RevocationAnswer> revoke(UpstreamTokens unused, String generation);
}
