package dev.keyturn.upstream;

import dev.keyturn.bus.Address;
import dev.keyturn.bus.Topic;
import java.net.URI;

/** The addresses of the event bus at which the owner of one provider answers. */
record UpstreamAddresses(
    Address<LoginRequest, URI> begin,
    Address<LoginAnswer, UpstreamLogin> finish,
    Address<RefreshRequest, UpstreamTokens> refresh,
    Address<String, UpstreamStatus> status) {
  static UpstreamAddresses of(String prefix, String name) {
    var start = prefix + "upstream." + name;
    return new UpstreamAddresses(
        new Address<>(start + ".begin"),
        new Address<>(start + ".finish"),
        new Address<>(start + ".refresh"),
        new Address<>(start + ".status"));
  }

  /** Where each change of a provider is announced. */
  static Topic<UpstreamStatus> changed(String prefix) {
    return new Topic<>(prefix + "upstream.changed");
  }

  /** The two things that a refresh is about. */
  record RefreshRequest(UpstreamTokens old, Identity of) {}
}
