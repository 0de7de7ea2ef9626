package dev.keyturn.bench;

import dev.keyturn.vault.EntryNames;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a provider has granted, each refresh token of which is good for one time. */
final class OnceGrants {
  private static final int SLACK_SECONDS = 10;

  private final Map<String, Login> codes = new HashMap<>();
  private final Map<String, Grant> byRefreshToken = new HashMap<>();
  private final Map<String, Grant> present = new HashMap<>();
  private final Map<String, Access> accesses = new HashMap<>();
  private final Map<String, String> entries = new HashMap<>();
  private final Set<String> answered = new HashSet<>();
  private int serial;
  private int redemptions;
  private int twice;

  /** What one login has granted, and what a client of it could not know. */
  static final class Grant {
    private final String person;
    private String current = "";
    private boolean revoked;
    private boolean refused;
    private boolean lost;

    private Grant(String person) {
      this.person = person;
    }

    String person() {
      return person;
    }
  }

  record Login(Grant grant, String nonce) {}

  private record Access(String person, boolean forged, Instant ends) {}

  /** Why a login may be over. */
  enum Reason {
    REFUSED,
    NO_ANSWER,
    NONE
  }

  synchronized String code(String person, String nonce) {
    var code = "code-" + serial++;
    codes.put(code, new Login(new Grant(person), nonce));
    return code;
  }

  synchronized Login login(String code) {
    var login = Optional.ofNullable(codes.remove(code)).orElseThrow();
    present.put(login.grant().person, login.grant());
    return login;
  }

  synchronized Grant of(String refreshToken) {
    return Optional.ofNullable(byRefreshToken.get(refreshToken)).orElseThrow();
  }

  /** Tokens of a grant; the refresh token is the only one of it that is good now. */
  synchronized JsonObject tokens(Grant grant, boolean forged) {
    var access = "at-" + serial++;
    grant.current = "rt-" + serial++;
    byRefreshToken.put(grant.current, grant);
    accesses.put(access, new Access(grant.person, forged, Instant.now().plus(OnceProvider.LIFE)));
    return new JsonObject()
        .put("access_token", access)
        .put("refresh_token", grant.current)
        .put("token_type", "Bearer")
        .put("expires_in", OnceProvider.LIFE.toSeconds());
  }

  /** Takes a refresh token; false, and the grant is over, if it was taken before. */
  synchronized boolean spend(Grant grant, String token) {
    if (grant.revoked) {
      return false;
    }
    if (!grant.current.equals(token)) {
      twice++;
      grant.revoked = true;
      return false;
    }
    redemptions++;
    grant.current = "";
    return true;
  }

  /**
   * Ends a grant.
   *
   * @param counted whether those who count are told
   */
  synchronized void refuse(Grant grant, boolean counted) {
    grant.revoked = true;
    grant.refused |= counted;
  }

  /** No answer reaches whoever redeems a token of it. */
  synchronized void lose(Grant grant) {
    grant.lost = true;
  }

  synchronized void answered(Grant grant) {
    answered.add(entryOf(grant.person));
  }

  synchronized void silent(Grant grant) {
    answered.remove(entryOf(grant.person));
  }

  /** Whether the last word on an entry were tokens. */
  synchronized boolean hasAnswered(String entry) {
    return answered.contains(entry);
  }

  synchronized String entry(Grant grant) {
    return entryOf(grant.person);
  }

  /** Learns what a person is called where they log in, and so what their entry is called. */
  synchronized String meet(String person, String subject) {
    var entry = EntryNames.of(new VaultKey(subject, KillWorld.UPSTREAM, person));
    entries.put(person, entry);
    return entry;
  }

  /** Why the login may be over that the person began last. */
  synchronized Reason reason(String person) {
    var grant = present.get(person);
    if (grant.refused) {
      return Reason.REFUSED;
    }
    return grant.lost ? Reason.NO_ANSWER : Reason.NONE;
  }

  /** What an MCP server is told of a token. */
  synchronized JsonObject describe(String token) {
    var access = Optional.ofNullable(accesses.get(token));
    var latest = Instant.now().minusSeconds(SLACK_SECONDS);
    return new JsonObject()
        .put("person", access.map(Access::person).orElse(""))
        .put("forged", access.filter(Access::forged).isPresent())
        .put("late", access.filter(one -> one.ends().isBefore(latest)).isPresent());
  }

  synchronized int redemptions() {
    return redemptions;
  }

  /** How many refresh tokens came a second time. */
  synchronized int twice() {
    return twice;
  }

  private String entryOf(String person) {
    return entries.getOrDefault(person, "");
  }
}
