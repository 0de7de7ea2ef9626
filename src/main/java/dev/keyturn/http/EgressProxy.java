package dev.keyturn.http;

import dev.keyturn.config.Secret;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A proxy through which servers of others are reached, by {@code CONNECT}.
 *
 * <p>It looks the names up, so nobody here can judge the addresses: it is the one that must keep
 * requests from leading behind our own door. What shows in the spelling is refused here: private
 * addresses, and names of networks that are not the internet.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6">RFC 9110, section 9.3.6</a>
 */
public record EgressProxy(String host, int port, Optional<Login> login) {
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Four numbers as everybody reads them: a leading zero is octal to some. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}|\\[[0-9a-f:.]+]");

  private static final Set<String> LOCAL =
      Set.of("local", "localhost", "internal", "intranet", "lan", "home", "corp", "arpa");

  /** What the proxy is told to let us through. */
  public record Login(String user, Secret password) {
    /** Hides the password. */
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /** Whether a request may be handed to the proxy, as far as its host's spelling tells. */
  boolean mayReach(URI url) {
    var host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    return LITERAL.matcher(host).matches()
        ? isPublicLiteral(host)
        : NAME.matcher(host).matches()
            && !LOCAL.contains(host.substring(host.lastIndexOf('.') + 1));
  }

  /** A literal is never looked up. */
  private static boolean isPublicLiteral(String host) {
    try {
      return PublicAddress.isPublic(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  ProxyOptions options(Duration connect) {
    var options =
        new ProxyOptions()
            .setType(ProxyType.HTTP)
            .setHost(host)
            .setPort(port)
            .setConnectTimeout(connect);
    login.ifPresent(
        known -> options.setUsername(known.user()).setPassword(known.password().value()));
    return options;
  }
}
