package dev.keyturn.authorize;

import dev.keyturn.crypto.Digest;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The pushed authorization requests in the store, by the hash of their {@code request_uri}.
 *
 * <p>One is shown as often as the person reloads the page, and approved once. The approval may come
 * when the request itself has expired, since a page stays open longer than that; so it leaves a
 * mark, which outlives every page that can still approve it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126#section-2.2">RFC 9126, section 2.2</a>
 */
final class PushedRequests {
  /** How long a page can be opened with one. */
  static final Duration LIFE = Duration.ofSeconds(90);

  private static final String PREFIX = "urn:ietf:params:oauth:request_uri:";
  private static final Pattern OURS = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

  private final Repository<PushedRequest> requests;
  private final Repository<JsonObject> spent;
  private final SecureRandom random;

  PushedRequests(KeyValueStore store, SecureRandom random) {
    this.requests =
        new Repository<>(store, "pushed", PushedRequest::toJson, PushedRequest::fromJson);
    this.spent = new Repository<>(store, "pushed-spent", mark -> mark, mark -> mark);
    this.random = random;
  }

  /** Whether {@code requestUri} looks like one of ours; any other is never looked at. */
  static boolean isOurs(String requestUri) {
    return OURS.matcher(requestUri).matches();
  }

  /** What {@link #spend} knows the request by. */
  static String key(String requestUri) {
    return Digest.of(requestUri);
  }

  /** Keeps the request; tells its {@code request_uri}. */
  Future<String> add(PushedRequest request) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    var requestUri = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return requests.put(key(requestUri), request, LIFE).map(requestUri);
  }

  /** The request, if {@code clientId} pushed it and nobody has approved it yet. */
  Future<Optional<PushedRequest>> find(String requestUri, String clientId) {
    return requests
        .get(key(requestUri))
        .map(found -> found.map(Versioned::value).filter(one -> one.clientId().equals(clientId)));
  }

  /** Uses the request up; of two approvals one is told that it was the first. */
  Future<Boolean> spend(String key) {
    return requests
        .take(key)
        .compose(taken -> spent.putIfAbsent(key, new JsonObject(), LIFE.plus(ConsentForm.LIFE)));
  }
}
