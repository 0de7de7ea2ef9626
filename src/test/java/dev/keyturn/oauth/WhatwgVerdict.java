package dev.keyturn.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/**
 * What browsers take a text for: scheme, user information, host, port, fragment, or nothing at all.
 *
 * @see <a href="https://url.spec.whatwg.org/">URL Standard</a>
 */
record WhatwgVerdict(JsonArray row) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  static WhatwgVerdict of(String line) {
    return new WhatwgVerdict(new JsonArray(line));
  }

  String text() {
    return row.getString(0);
  }

  /** Whether we would let a client register it. */
  boolean isAccepted() {
    return RedirectUri.complaintAbout(text(), RedirectUri.EDITOR_SCHEMES).isEmpty();
  }

  /** Whether browsers read it as we do: what we show is where they go. */
  void requireSameMeaning() {
    var uri = new RedirectUri(text());
    assertThat(row.size()).as("a browser understands " + text()).isEqualTo(6);
    assertThat(row.getString(2)).as("user information of " + text()).isEmpty();
    assertThat(row.getString(5)).as("fragment of " + text()).isEmpty();
    assertThat(text().toLowerCase(Locale.ROOT)).startsWith(row.getString(1));
    if (!uri.isPrivateUse()) {
      var host = hostOf(uri.destination());
      assertThat(canonical(row.getString(3))).as("host of " + text()).isEqualTo(canonical(host));
      assertThat(row.getString(4)).as("port of " + text()).isIn("", portOf(uri.destination()));
      assertThat(!uri.isLoopbackHttp() || LOOPBACK.contains(row.getString(3))).isTrue();
    }
  }

  private static String hostOf(String authority) {
    return authority.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
  }

  private static String portOf(String authority) {
    return authority.substring(hostOf(authority).length()).replace(":", "");
  }

  /** IPv6 addresses have many spellings. */
  private static String canonical(String host) {
    try {
      return host.startsWith("[") ? InetAddress.getAllByName(host)[0].getHostAddress() : host;
    } catch (UnknownHostException e) {
      throw new AssertionError(host, e);
    }
  }
}
