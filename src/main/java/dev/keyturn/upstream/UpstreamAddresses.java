package dev.keyturn.upstream;

import dev.keyturn.bus.Address;
import dev.keyturn.bus.Topic;

/** The addresses of the event bus at which the owner of one provider answers. */
record UpstreamAddresses(
    Address<LoginRequest, LoginBegun> begin,
    Address<LoginAnswer, UpstreamLogin> finish,
    Address<RefreshRequest, RefreshAnswer> refresh,
    Address<ValidationRequest, UpstreamTokens> validate,
    Address<RevocationRequest, RevocationAnswer> revoke,
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

  /** Where it is told what came of registering somewhere. */
  static Topic<EnrolmentNews> registered(String prefix) {
    return new Topic<>(prefix + "upstream.registered");
  }

  /**
   * What a refresh is about.
   *
   * @param generation marks whom they were given to
   */
  record RefreshRequest(UpstreamTokens old, Identity of, String generation) {}

  /** The tokens that are given back, and the mark of whom they were given to. */
  record RevocationRequest(UpstreamTokens unused, String generation) {}

  /** A token that says that somebody has logged out. */
  record LogoutToken(String value) {
    @Override
    public String toString() {
      return "LogoutToken[hidden]";
    }
  }

  /** The tokens that are to be judged, whose they should be, and whom they were given to. */
  record ValidationRequest(UpstreamTokens fresh, Identity of, String generation) {}
}
