package dev.keyturn.upstream;

import dev.keyturn.bus.Address;
import dev.keyturn.bus.Topic;

/** The addresses of the event bus at which the owner of one provider answers. */
record UpstreamAddresses(
    Address<LoginRequest, LoginBegun> begin,
    Address<LoginAnswer, UpstreamLogin> finish,
    Address<RefreshRequest, RefreshAnswer> refresh,
    Address<ValidationRequest, UpstreamTokens> validate,
    Address<UpstreamTokens, RevocationAnswer> revoke,
    Address<LogoutToken, LogoutNotice> logout,
    Address<String, UpstreamStatus> status,
    Address<UpstreamConfig, UpstreamStatus> reconfigure) {
  static UpstreamAddresses of(String prefix, String name) {
    var start = prefix + "upstream." + name;
    return new UpstreamAddresses(
        new Address<>(start + ".begin"),
        new Address<>(start + ".finish"),
        new Address<>(start + ".refresh"),
        new Address<>(start + ".validate"),
        new Address<>(start + ".revoke"),
        new Address<>(start + ".logout"),
        new Address<>(start + ".status"),
        new Address<>(start + ".reconfigure"));
  }

  /** Where each change of a provider is announced. */
  static Topic<UpstreamStatus> changed(String prefix) {
    return new Topic<>(prefix + "upstream.changed");
  }

  /** Where it is told what a token endpoint made of each proof of who we are. */
  static Topic<ClientProof> proved(String prefix) {
    return new Topic<>(prefix + "upstream.proved");
  }

  /** The two things that a refresh is about. */
  record RefreshRequest(UpstreamTokens old, Identity of) {}

  /** A token that says that somebody has logged out. */
  record LogoutToken(String value) {
    @Override
    public String toString() {
      return "LogoutToken[hidden]";
    }
  }

  /** The tokens that are to be judged, and whose they should be. */
  record ValidationRequest(UpstreamTokens fresh, Identity of) {}
}
