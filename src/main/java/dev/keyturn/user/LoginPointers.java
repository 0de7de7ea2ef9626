package dev.keyturn.user;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Leads from what a provider calls a login, or a person, to sessions and people here, so that the
 * provider can end them.
 *
 * @see <a href="https://openid.net/specs/openid-connect-backchannel-1_0.html#BCActions">OpenID
 *     Connect Back-Channel Logout, section 2.7</a>
 */
public final class LoginPointers {
  private static final int MOST = 200;
  private static final int ATTEMPTS = 16;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Repository<List<String>> sessions;
  private final Repository<List<String>> people;
  private final Supplier<Duration> life;

  /**
   * @param life how long a session may live
   */
  public LoginPointers(KeyValueStore store, Supplier<Duration> life) {
    this.sessions = of(store, "upstream-sid");
    this.people = of(store, "upstream-sub");
    this.life = life;
  }

  private static Repository<List<String>> of(KeyValueStore store, String kind) {
    return new Repository<>(
        store,
        kind,
        ids -> new JsonObject().put("ids", new JsonArray(ids)),
        json -> json.getJsonArray("ids").stream().map(String.class::cast).toList());
  }

  /** Notes that the session here began with a login there. */
  public Future<Void> noteSession(Login login, String session) {
    return add(sessions, login.key(), session, ATTEMPTS);
  }

  /** Notes that a person here uses the account of somebody who is called otherwise there. */
  public Future<Void> notePerson(String upstream, String there, String subject) {
    return there.equals(subject)
        ? Future.succeededFuture()
        : add(people, personKey(upstream, there), subject, ATTEMPTS);
  }

  /** The sessions that began with a login there; empty if it was never heard of. */
  public Future<Optional<List<String>>> sessions(Login login) {
    return sessions.get(login.key()).map(found -> found.map(Versioned::value));
  }

  /** The people who use the account of somebody there, who may be called the same here. */
  public Future<List<String>> people(String upstream, String there) {
    return people
        .get(personKey(upstream, there))
        .map(found -> found.map(Versioned::value).orElse(List.of()))
        .map(others -> Stream.concat(Stream.of(there), others.stream()).distinct().toList());
  }

  private Future<Void> add(Repository<List<String>> pointers, String key, String id, int attempts) {
    return pointers
        .get(key)
        .compose(found -> write(pointers, key, found, id))
        .compose(
            written ->
                written
                    ? Future.succeededFuture()
                    : attempts > 0
                        ? add(pointers, key, id, attempts - 1)
                        : Future.failedFuture(
                            new UnavailableException("a pointer keeps changing", RETRY)));
  }

  private Future<Boolean> write(
      Repository<List<String>> pointers,
      String key,
      Optional<Versioned<List<String>>> found,
      String id) {
    var others =
        found.map(Versioned::value).orElse(List.of()).stream().filter(other -> !other.equals(id));
    var all = Stream.concat(others, Stream.of(id)).toList();
    var next = all.subList(Math.max(0, all.size() - MOST), all.size());
    return found
        .map(read -> pointers.replace(key, read.version(), next, life.get()))
        .orElseGet(() -> pointers.putIfAbsent(key, next, life.get()));
  }

  private static String personKey(String upstream, String there) {
    return Digest.of(upstream + " " + there);
  }

  /**
   * A login as its provider names it.
   *
   * @param id the provider's {@code sid}
   */
  public record Login(String upstream, String issuer, String id) {
    private String key() {
      return Digest.of(upstream + " " + issuer.length() + " " + issuer + id);
    }

    /** Names the upstream only. */
    @Override
    public String toString() {
      return "Login[" + upstream + "]";
    }
  }
}
