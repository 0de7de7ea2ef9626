package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import dev.keyturn.http.Authorities;
import dev.keyturn.http.EgressProxy;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.http.Passage;
import dev.keyturn.secrets.SecretReader;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Reads by which way a provider is reached. */
final class PassageReader {
  private static final String AUTHORITIES = "ca_bundle_file";
  private static final String PROXY = "egress_proxy";
  private static final int LEAST_BODY = 1024;
  private static final int MOST_BODY = 4 * 1024 * 1024;

  private final Settings settings;
  private final SecretReader secrets;

  private PassageReader(Settings settings, SecretReader secrets) {
    this.settings = settings;
    this.secrets = secrets;
  }

  /**
   * Reads it.
   *
   * @param loopback whether the provider is on this very machine
   */
  static Passage read(Settings settings, SecretReader secrets, boolean loopback) {
    return new PassageReader(settings, secrets).read(loopback);
  }

  private Passage read(boolean loopback) {
    var reach =
        new Reach(
            settings.flag("insecure_allow_http", false),
            settings.flag("allow_private_ips", false),
            loopback);
    var proxy = proxy(settings.child(PROXY));
    if (proxy.isPresent() && reach.plainHttp()) {
      settings.refuse(PROXY, "is for https only: leave insecure_allow_http out");
    }
    return new Passage(
        reach,
        authorities(),
        proxy,
        time("connect_timeout", Passage.CONNECT, Duration.ofSeconds(10)),
        time("answer_timeout", Passage.ANSWER, Duration.ofSeconds(15)),
        settings.number("max_answer_bytes", Passage.MAX_BODY, LEAST_BODY, MOST_BODY));
  }

  private Duration time(String field, Duration otherwise, Duration most) {
    return settings.duration(field, otherwise, Duration.ofMillis(100), most);
  }

  private Optional<Authorities> authorities() {
    var file = settings.file(AUTHORITIES);
    var content = file.flatMap(path -> secrets.bytes(settings.name(AUTHORITIES), path));
    var read = content.flatMap(Authorities::parse);
    if (content.isPresent() && read.isEmpty()) {
      settings.refuse(AUTHORITIES, "names " + file.get() + ", which must hold certificates in PEM");
    }
    return read;
  }

  private Optional<EgressProxy> proxy(Settings part) {
    var user = part.text("username", "");
    var password = part.secret("password").flatMap(secrets::text);
    var url = part.url("url");
    if (user.isEmpty() == part.secret("password").isPresent()) {
      part.refuse("username", "and password_file or password_env_var go together");
    }
    if (url.isEmpty()) {
      if (settings.has(PROXY)) {
        part.refuse("url", "is missing: name the proxy, as http://proxy.example.com:3128");
      }
      return Optional.empty();
    }
    if (!isProxy(url.get())) {
      part.refuse("url", "must be http, a host and a port, as http://proxy.example.com:3128");
      return Optional.empty();
    }
    return Optional.of(
        new EgressProxy(
            url.get().getHost().replaceAll("[\\[\\]]", ""),
            url.get().getPort(),
            password.map(secret -> new EgressProxy.Login(user, secret))));
  }

  private static boolean isProxy(URI url) {
    return "http".equals(url.getScheme())
        && url.getPort() > 0
        && url.getRawUserInfo() == null
        && url.getRawQuery() == null
        && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"));
  }
}
