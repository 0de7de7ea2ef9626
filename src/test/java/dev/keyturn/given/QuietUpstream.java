package dev.keyturn.given;

import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.LoginAnswer;
import dev.keyturn.upstream.LoginBegun;
import dev.keyturn.upstream.LoginRequest;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;

/** A provider that answers nothing but what a test says for it. */
public interface QuietUpstream extends Upstream {
  @Override
  default String name() {
    return "default";
  }

  @Override
  default Future<LoginBegun> begin(LoginRequest request) {
    return notAsked();
  }

  @Override
  default Future<UpstreamLogin> finish(LoginAnswer answer) {
    return notAsked();
  }

  @Override
  default Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
    return notAsked();
  }

  @Override
  default Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
    return notAsked();
  }

  private static <T> Future<T> notAsked() {
    return Future.failedFuture("not asked here");
  }
}
