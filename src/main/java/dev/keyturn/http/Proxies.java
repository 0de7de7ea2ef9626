package dev.keyturn.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxies in front of us whose word about where a request comes from is believed.
 *
 * <p>A header that the client may have written itself is not: the addresses are read from the last,
 * which the proxy next to us wrote, towards the first, and the first of them that is no proxy of
 * ours is whoever sent the request. Only the one header counts that the proxies set; they pass on
 * the other one as it came.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7239#section-8.1">RFC 7239, section 8.1</a>
 */
public record Proxies(List<AddressBlock> trusted, Header header)
    implements Handler<RoutingContext> {
  /** None. */
  public static final Proxies NONE = new Proxies(List.of(), Header.X_FORWARDED_FOR);

  private static final String ADDRESS = "dev.keyturn.address";

  public Proxies {
    trusted = List.copyOf(trusted);
  }

  /** Notes who sent the request, for {@link Request#remoteAddress}. */
  @Override
  public void handle(RoutingContext context) {
    context.put(ADDRESS, addressOf(context.request()));
    context.next();
  }

  /** Who sent the request, as far as it is known. */
  static String noted(RoutingContext context) {
    return Optional.ofNullable(context.<String>get(ADDRESS))
        .orElseGet(() -> peer(context.request()));
  }

  private String addressOf(HttpServerRequest request) {
    var address = peer(request);
    if (!isTrusted(address)) {
      return address;
    }
    var hops = new ArrayList<>(header.hops(request.headers().getAll(header.wire())));
    Collections.reverse(hops);
    for (var hop : hops) {
      if (AddressBlock.bytesOf(hop).isEmpty()) {
        return address;
      }
      address = hop;
      if (!isTrusted(hop)) {
        return hop;
      }
    }
    return address;
  }

  private boolean isTrusted(String address) {
    return AddressBlock.bytesOf(address)
        .map(bytes -> trusted.stream().anyMatch(block -> block.holds(bytes)))
        .orElse(false);
  }

  private static String peer(HttpServerRequest request) {
    return Optional.ofNullable(request.remoteAddress())
        .map(SocketAddress::hostAddress)
        .orElse("unknown");
  }

  /** How proxies say where a request comes from. */
  public enum Header {
    /** A list of addresses. */
    X_FORWARDED_FOR("X-Forwarded-For"),
    /** RFC 7239: a list of parameters, of which {@code for} is the address. */
    FORWARDED("Forwarded");

    private final String wire;

    Header(String wire) {
      this.wire = wire;
    }

    public String wire() {
      return wire;
    }

    /** The addresses in it; whatever is no address stays as it is. */
    private List<String> hops(List<String> values) {
      return values.stream()
          .flatMap(value -> Stream.of(value.split(",", -1)))
          .map(element -> bare(this == FORWARDED ? node(element) : element.trim()))
          .toList();
    }

    private static String node(String element) {
      return Stream.of(element.split(";", -1))
          .map(String::trim)
          .filter(pair -> pair.toLowerCase(Locale.ROOT).startsWith("for="))
          .map(pair -> pair.substring("for=".length()).replace("\"", ""))
          .findFirst()
          .orElse("");
    }

    /** Without a port, which proxies of clouds add. */
    private static String bare(String node) {
      if (node.startsWith("[")) {
        return node.substring(1, Math.max(1, node.indexOf(']')));
      }
      var colon = node.indexOf(':');
      return colon >= 0 && colon == node.lastIndexOf(':') ? node.substring(0, colon) : node;
    }
  }
}
