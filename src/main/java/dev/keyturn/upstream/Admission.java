package dev.keyturn.upstream;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.upstream.Allow.Refused;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of an upstream: whom the provider names is let in by {@link Allow} only.
 *
 * @param upstream the upstream's name in the configuration
 */
record Admission(Allow rule, String upstream) {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  /** Refuses with {@code access_denied} whom the rule does not let in, logged here. */
  Identity admit(Identity identity, Supplier<ObjectNode> claims) {
    if (!rule.isAnyone()) {
      rule.refusal(new Account(identity.account(), claims.get()))
          .ifPresent(
              refused -> {
                log(identity, refused);
                throw ACCESS_DENIED.because("this account may not log in here");
              });
    }
    return identity;
  }

  private void log(Identity identity, Refused refused) {
    LOG.atWarn()
        .addKeyValue("upstream", upstream)
        .addKeyValue("subject", identity.subject())
        .addKeyValue("setting", "allow." + refused.setting())
        .addKeyValue("cause", refused.cause())
        .log("account may not log in");
  }
}
