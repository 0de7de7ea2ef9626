package dev.keyturn.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.http.FetchFailure.Reason;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** What of strangers' URLs is fetched at all, and how much at a time and for one address. */
final class FetchLimits {
  static final int AT_ONCE = 128;
  private static final int AT_ONCE_PER_HOST = 4;
  private static final int FIRST_HIGH_PORT = 1024;
  private static final int COUNTED = 10_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** A name of the DNS below some other; what a parser might take for a number is none. */
  private static final Pattern HOST =
      Pattern.compile("([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  private final FetchRules rules;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Map<String, Integer> perHost = new ConcurrentHashMap<>();
  private final Cache<String, AtomicInteger> perAddress;

  FetchLimits(FetchRules rules, Clock clock) {
    this.rules = rules;
    this.perAddress =
        Caffeine.newBuilder()
            .maximumSize(COUNTED)
            .expireAfterWrite(WINDOW)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
  }

  /** Ports below 1024 are those of mail servers and the like, but for the one of the web. */
  void requireFetchable(URI url) {
    var port = GuardedExchange.port(url);
    if (!"https".equals(url.getScheme())
        || url.getRawUserInfo() != null
        || url.getRawFragment() != null
        || (port != 443 && port < FIRST_HIGH_PORT)) {
      throw new FetchFailure(url, Reason.URL);
    }
    var host = Optional.ofNullable(url.getHost()).orElse("");
    if (host.length() > 253 || !HOST.matcher(host).matches()) {
      throw new FetchFailure(url, Reason.PRIVATE_ADDRESS);
    }
    if (!rules.admits(host)) {
      throw new FetchFailure(url, Reason.DENIED);
    }
  }

  /** Counts a fetch for whoever is at {@code address}. */
  void requireQuota(URI url, String address) {
    var count = perAddress.get(Network.of(address), network -> new AtomicInteger());
    if (count.incrementAndGet() > rules.perAddress()) {
      throw new FetchFailure(url, Reason.QUOTA);
    }
  }

  /** Whether one more may begin; it ends with {@link #leave}. */
  boolean enter(URI url) {
    var ofAll = underWay.incrementAndGet();
    var ofHost = perHost.merge(url.getHost(), 1, Integer::sum);
    var entered = ofAll <= AT_ONCE && ofHost <= AT_ONCE_PER_HOST;
    if (!entered) {
      leave(url);
    }
    return entered;
  }

  void leave(URI url) {
    underWay.decrementAndGet();
    perHost.computeIfPresent(url.getHost(), (host, count) -> count > 1 ? count - 1 : null);
  }
}
