package dev.keyturn.token;

import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.token.FamilyLogin.Fate;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Set;

/**
 * A token, or the wish to log out, on its way to a replica.
 *
 * @param token empty where a session is to be ended
 * @param honest whether it comes from whom the token was given to, who has nothing newer
 * @param timely whether it cannot be refused just because something has run out
 * @param over whether it must be refused
 */
record FamilyRequest(
    FamilyLogin login,
    String token,
    boolean honest,
    boolean timely,
    boolean over,
    Future<?> answer) {
  static FamilyRequest ending(FamilyLogin login, Future<Void> answer) {
    return new FamilyRequest(login, "", false, false, false, answer);
  }

  /** Whether it was not answered, or with an excuse. */
  boolean isUnknown() {
    return !answer.isComplete()
        || (answer.failed() && answer.cause() instanceof UnavailableException);
  }

  /**
   * What its answer tells by itself.
   *
   * @param troubled whether somebody else has tried to end the family meanwhile
   */
  void judge(boolean troubled, Instant now, Set<String> wrong) {
    if (isUnknown() || token.isEmpty()) {
      return;
    }
    if (answer.succeeded()) {
      if (!honest) {
        wrong.add("an old token was accepted");
      } else if (over) {
        wrong.add("a token was accepted after its end");
      }
      login.handedOut(token, (TokenSet) answer.result(), now);
    } else if (!(answer.cause() instanceof OAuthException)) {
      wrong.add("it fails in an unknown way: " + answer.cause());
    } else if (honest && timely && login.fate == Fate.GOOD && !troubled) {
      wrong.add("an honest client was logged out");
    }
  }

  /** What its answer tells about the family: a refusal is for good, whoever was refused. */
  void conclude() {
    var refused = answer.failed() && !isUnknown();
    if ((token.isEmpty() && answer.succeeded()) || (refused && timely)) {
      login.fate = Fate.ENDED;
    } else if (login.fate == Fate.GOOD && (refused || (isUnknown() && !honest))) {
      login.fate = Fate.DOUBTFUL;
    }
  }
}
