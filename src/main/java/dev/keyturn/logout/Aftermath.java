package dev.keyturn.logout;

import dev.keyturn.token.Session;
import dev.keyturn.user.Strikes;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows when a session has ended before its time: it is listed no more, accounts that nobody
 * uses any more are let go, and the client is told. Nobody waits for it.
 */
public record Aftermath(LastUse lastUse, ClientNotices notices, Strikes strikes)
    implements Consumer<Session> {
  private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);

  @Override
  public void accept(Session ended) {
    Future.succeededFuture(ended).compose(notices::tell);
    Future.succeededFuture(ended)
        .compose(lastUse::release)
        .onFailure(
            failure ->
                LOG.atWarn()
                    .setMessage("tokens of an ended session stay in the vault")
                    .addKeyValue("session", ended.authorization().sessionId())
                    .setCause(failure)
                    .log());
    var approved = ended.authorization();
    Future.succeededFuture(approved.subject())
        .compose(subject -> strikes.strike(subject, approved.sessionId()))
        .onFailure(
            failure ->
                LOG.atWarn()
                    .setMessage("an ended session stays listed")
                    .addKeyValue("session", approved.sessionId())
                    .setCause(failure)
                    .log());
  }
}
