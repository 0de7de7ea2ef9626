package dev.keyturn.user;

import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that is listed of one person, the latest last.
 *
 * <p>Each list is bounded: what a person approves over and over pushes out the oldest.
 */
public record User(
    List<Decision> decisions, List<ListedSession> sessions, List<LinkedAccount> accounts) {
  /** The most that each list holds. */
  public static final int MOST = 200;

  /** Somebody who was never here. */
  public static final User NOBODY = new User(List.of(), List.of(), List.of());

  public User {
    decisions = List.copyOf(decisions);
    sessions = List.copyOf(sessions);
    accounts = List.copyOf(accounts);
  }

  /** The scopes that were approved for all of this; empty if no decision is about it. */
  public Optional<Scopes> approved(Decision.Subject subject, Instant now) {
    return decisions.stream()
        .filter(decision -> decision.isAbout(subject, now))
        .map(Decision::scopes)
        .reduce(Decision::both);
  }

  /** Whether anything was approved for this client at this redirect URI. */
  public boolean knows(String clientId, String redirectUri, Instant now) {
    return decisions.stream()
        .anyMatch(
            decision -> decision.isOf(clientId, redirectUri) && now.isBefore(decision.endsAt()));
  }

  public Optional<Decision> decision(String id) {
    return decisions.stream().filter(decision -> decision.id().equals(id)).findFirst();
  }

  public Optional<ListedSession> session(String id) {
    return sessions.stream().filter(session -> session.id().equals(id)).findFirst();
  }

  public Optional<LinkedAccount> account(String id) {
    return accounts.stream().filter(account -> account.id().equals(id)).findFirst();
  }

  /** The sessions of a client. */
  public List<ListedSession> sessionsOf(String clientId) {
    return sessions.stream().filter(session -> session.client().id().equals(clientId)).toList();
  }

  /** With a decision, which takes up an earlier one about the same. */
  public User with(Decision decision) {
    var earlier = decisions.stream().filter(decision::isSameAs).findFirst();
    return new User(
        with(decisions, earlier.map(decision::after).orElse(decision), decision::isSameAs),
        sessions,
        accounts);
  }

  /** With a session; there may be one too many then, which is {@link #surplus}. */
  public User with(ListedSession session) {
    return new User(decisions, added(sessions, session), accounts);
  }

  public User with(LinkedAccount account) {
    return new User(decisions, sessions, with(accounts, account, account::isSameAs));
  }

  /**
   * As many sessions as there are too many: the oldest of the client that has most of them, so that
   * one that logs in for ever ends its own and nobody else's.
   */
  public List<ListedSession> surplus() {
    var left = new ArrayList<>(sessions);
    var surplus = new ArrayList<ListedSession>();
    while (left.size() > MOST) {
      var oldest = oldestOfMost(left);
      left.remove(oldest);
      surplus.add(oldest);
    }
    return surplus;
  }

  private static ListedSession oldestOfMost(List<ListedSession> sessions) {
    var counts = new HashMap<String, Integer>();
    sessions.forEach(session -> counts.merge(session.client().id(), 1, Integer::sum));
    var most = Collections.max(counts.values());
    return sessions.stream()
        .filter(session -> most.equals(counts.get(session.client().id())))
        .findFirst()
        .orElseThrow();
  }

  /** Without the client's decision of that name, and without any session of that client. */
  public User without(Decision decision) {
    return new User(
        decisions.stream().filter(one -> !one.id().equals(decision.id())).toList(),
        sessions.stream().filter(one -> !one.client().id().equals(decision.client().id())).toList(),
        accounts);
  }

  public User without(List<ListedSession> ended) {
    return new User(
        decisions, sessions.stream().filter(one -> !ended.contains(one)).toList(), accounts);
  }

  User withoutSessions(Set<String> ids) {
    return without(sessions.stream().filter(session -> ids.contains(session.id())).toList());
  }

  /**
   * The oldest accounts that must go before {@code next} is listed, so that it fits and the one
   * that the person logs in by does, too.
   *
   * @param identity the upstream of that one
   */
  public List<LinkedAccount> surplusWith(LinkedAccount next, String identity) {
    var further =
        accounts.stream()
            .filter(account -> !account.isSameAs(next) && !account.upstream().equals(identity))
            .toList();
    return further.subList(0, Math.max(0, further.size() - (MOST - 2)));
  }

  public User without(LinkedAccount account) {
    return new User(
        decisions, sessions, accounts.stream().filter(one -> !one.isSameAs(account)).toList());
  }

  /** What has not come to its end. */
  User at(Instant now) {
    return new User(
        decisions.stream().filter(decision -> now.isBefore(decision.endsAt())).toList(),
        sessions.stream().filter(session -> now.isBefore(session.endsAt())).toList(),
        accounts.stream().filter(account -> now.isBefore(account.endsAt())).toList());
  }

  /** When all of it has come to its end; empty if nothing is listed. */
  Optional<Instant> endsAt() {
    return Stream.of(
            decisions.stream().map(Decision::endsAt),
            sessions.stream().map(ListedSession::endsAt),
            accounts.stream().map(LinkedAccount::endsAt))
        .flatMap(ends -> ends)
        .max(Comparator.naturalOrder());
  }

  private static <T> List<T> with(List<T> list, T next, Predicate<T> same) {
    var others = added(list.stream().filter(same.negate()).toList(), next);
    return others.subList(Math.max(0, others.size() - MOST), others.size());
  }

  private static <T> List<T> added(List<T> list, T next) {
    var all = new ArrayList<>(list);
    all.add(next);
    return all;
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("decisions", array(decisions, Decision::toJson))
        .put("sessions", array(sessions, ListedSession::toJson))
        .put("accounts", array(accounts, LinkedAccount::toJson));
  }

  static User fromJson(JsonObject json) {
    return new User(
        list(json.getJsonArray("decisions"), Decision::fromJson),
        list(json.getJsonArray("sessions"), ListedSession::fromJson),
        list(json.getJsonArray("accounts"), LinkedAccount::fromJson));
  }

  private static <T> JsonArray array(List<T> list, Function<T, JsonObject> toJson) {
    return new JsonArray(list.stream().map(toJson).toList());
  }

  private static <T> List<T> list(JsonArray array, Function<JsonObject, T> fromJson) {
    return array.stream().map(JsonObject.class::cast).map(fromJson).toList();
  }

  /** Says how much there is, and nothing of it. */
  @Override
  public String toString() {
    return "User[%d decisions, %d sessions, %d accounts]"
        .formatted(decisions.size(), sessions.size(), accounts.size());
  }
}
