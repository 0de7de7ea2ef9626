package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an upstream is there for: whether people may log in at it, and when those who logged in
 * elsewhere are asked to link an account at it.
 *
 * @param identity whether it may say who somebody is
 * @param onDemand whether it is asked only where a resource needs its tokens
 * @param askIf of whom it is asked, by the claims of the upstream that they logged in at; empty: of
 *     everybody
 */
public record Role(boolean identity, boolean onDemand, Optional<AllowExpression> askIf) {
  private static final Logger LOG = LoggerFactory.getLogger(Role.class);
  private static final String REQUIRED = "required";
  private static final String ON_DEMAND = "on_demand";
  private static final String ASK_IF = "ask_if";

  /**
   * Reads it from an entry of {@code upstreams}.
   *
   * @param first whether the entry is the first one, where people log in
   */
  public static Role from(Settings entry, boolean first) {
    var before = entry.findings().errors().size();
    var identity = entry.has("identity") ? entry.flag("identity", false) : first;
    if (first && !identity && entry.findings().errors().size() == before) {
      entry.refuse("identity", "must be true for the first upstream, which people log in at");
    }
    var onDemand =
        entry.has("login")
            ? entry.word("login", REQUIRED, Set.of(REQUIRED, ON_DEMAND)).equals(ON_DEMAND)
            : identity;
    return new Role(identity, onDemand, AllowExpression.read(entry, ASK_IF));
  }

  /** Whether somebody is asked; whoever cannot be judged is not. */
  public boolean asks(Claims claims) {
    return askIf.isEmpty() || isTrue(askIf.get(), claims);
  }

  private static boolean isTrue(AllowExpression rule, Claims claims) {
    try {
      var refused = rule.refusal(claims.document());
      refused.ifPresent(why -> LOG.atDebug().addKeyValue("cause", why.cause()).log("not asked"));
      return refused.isEmpty();
    } catch (InvalidIdToken unreadable) {
      return false;
    }
  }
}
