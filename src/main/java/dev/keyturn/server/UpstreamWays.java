package dev.keyturn.server;

import dev.keyturn.authorize.Way;
import dev.keyturn.authorize.Ways;
import dev.keyturn.upstream.CallbackPath;
import dev.keyturn.upstream.ConfiguredUpstream;
import dev.keyturn.upstream.Upstream;
import java.util.function.Function;

/** Makes the ways to the upstreams of a configuration. */
final class UpstreamWays {
  private final RunConfig config;
  private final Function<String, ? extends Upstream> upstreams;

  /**
   * @param upstreams finds one by its name
   */
  UpstreamWays(RunConfig config, Function<String, ? extends Upstream> upstreams) {
    this.config = config;
    this.upstreams = upstreams;
  }

  Ways all() {
    var needs =
        config.backends().stream()
            .flatMap(
                backend ->
                    backend.outgoing().upstream().stream()
                        .map(upstream -> new Ways.Need(backend.resource(), upstream)))
            .toList();
    return new Ways(config.upstreams().stream().map(this::way).toList(), needs);
  }

  private Way way(ConfiguredUpstream one) {
    var registration = one.config().registration();
    return new Way(
        upstreams.apply(one.name()),
        one.role(),
        registration.scopes(),
        one.config().mayBeSilent(),
        "form_post".equals(registration.parameters().get("response_mode")),
        UpstreamReader.isShared(CallbackPath.of(registration.redirectUri()), config.upstreams()));
  }
}
