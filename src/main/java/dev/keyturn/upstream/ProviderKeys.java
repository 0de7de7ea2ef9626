package dev.keyturn.upstream;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an OpenID provider signs with, kept as long as it allows.
 *
 * <p>Whoever sends an ID token chooses its {@code kid}, so an unknown one may cause a request to
 * the provider only now and then. Belongs to one event loop.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys">OpenID Connect
 *     Core, section 10.1.1</a>
 */
final class ProviderKeys {
  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final Duration USUAL = Duration.ofHours(1);
  private static final Duration MOST = Duration.ofHours(24);
  private static final Duration BETWEEN = Duration.ofSeconds(30);

  /** How long keys are used that are too old, while the provider does not show newer ones. */
  private static final Duration STALE = Duration.ofHours(24);

  private static final int MAX_KEYS = 100;
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=\"?([0-9]{1,9})\"?(?:$|[,\\s])");

  private final OutgoingHttp http;
  private final Clock clock;
  private Optional<Held> held = Optional.empty();
  private Instant lastTry = Instant.MIN;
  private Instant lastWish = Instant.MIN;
  private @Nullable Future<JWKSet> running;

  ProviderKeys(OutgoingHttp http, Clock clock) {
    this.http = http;
    this.clock = clock;
  }

  /**
   * The keys at {@code url}, fetched if there are none or they are too old. The last good ones go
   * on while newer ones cannot be had.
   */
  Future<JWKSet> current(URI url) {
    var now = clock.instant();
    var known = held.filter(keys -> keys.url.equals(url));
    var stale = known.filter(keys -> now.isBefore(keys.until.plus(STALE))).map(keys -> keys.set);
    if (known.filter(keys -> now.isBefore(keys.until)).isPresent()
        || (stale.isPresent() && now.isBefore(lastTry.plus(BETWEEN)))) {
      return Future.succeededFuture(stale.orElseThrow());
    }
    return fetch(url)
        .recover(
            away -> stale.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(away)));
  }

  /**
   * The keys at {@code url} as they are now, or as they were when somebody wished that less than
   * half a minute ago.
   */
  Future<JWKSet> afresh(URI url) {
    var now = clock.instant();
    if (now.isBefore(lastWish.plus(BETWEEN))) {
      return current(url);
    }
    lastWish = now;
    return fetch(url);
  }

  private Future<JWKSet> fetch(URI url) {
    if (running != null) {
      return running;
    }
    lastTry = clock.instant();
    var fetch = http.get(url, Map.of()).map(answer -> keep(url, answer));
    running = fetch;
    fetch.onComplete(done -> running = null);
    return fetch;
  }

  private JWKSet keep(URI url, Answer answer) {
    var set = Optional.of(answer).filter(ok -> ok.status() == 200).flatMap(ProviderKeys::parse);
    if (set.isEmpty()) {
      throw new UnavailableException(url.getHost() + " published no keys", BETWEEN);
    }
    var cacheControl = Optional.ofNullable(answer.headers().get("Cache-Control")).orElse("");
    held = Optional.of(new Held(url, set.get(), clock.instant().plus(lifetime(cacheControl))));
    return set.get();
  }

  private static Optional<JWKSet> parse(Answer answer) {
    return Json.object(answer.body().getBytes())
        .map(document -> document.path("keys"))
        .map(keys -> StreamSupport.stream(keys.spliterator(), false))
        .map(keys -> keys.limit(MAX_KEYS).flatMap(key -> key(key.toString())).toList())
        .filter(keys -> !keys.isEmpty())
        .map(JWKSet::new);
  }

  /** A key that can be read; the others are of kinds that nothing here verifies with. */
  private static Stream<JWK> key(String json) {
    try {
      return Stream.of(JWK.parse(json));
    } catch (ParseException | IllegalArgumentException e) {
      return Stream.empty();
    }
  }

  private static Duration lifetime(String cacheControl) {
    if (cacheControl.contains("no-store") || cacheControl.contains("no-cache")) {
      return LEAST;
    }
    var matcher = MAX_AGE.matcher(cacheControl);
    var age = matcher.find() ? Duration.ofSeconds(Long.parseLong(matcher.group(1))) : USUAL;
    var atLeast = age.compareTo(LEAST) < 0 ? LEAST : age;
    return atLeast.compareTo(MOST) > 0 ? MOST : atLeast;
  }

  private record Held(URI url, JWKSet set, Instant until) {}
}
