package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.upstream.ClientProof.Outcome;
import dev.keyturn.upstream.SecretMemory.Held;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * How Keyturn proves itself at one provider while the secret changes at both ends.
 *
 * <p>Provider and file never change at the same moment. So a request whose proof the provider does
 * not know is sent once more with the other one; a provider judges the client before it spends a
 * code or a refresh token, so none is lost by that. Belongs to one event loop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749, section 5.2</a>
 */
final class ClientSecrets {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSecrets.class);

  private final String upstream;
  private final SecretMemory memory;
  private final Consumer<ClientProof> news;
  private boolean lagging;

  ClientSecrets(String upstream, Credentials first, Clock clock, Consumer<ClientProof> news) {
    this(upstream, new SecretMemory(first, clock), news);
  }

  private ClientSecrets(String upstream, SecretMemory memory, Consumer<ClientProof> news) {
    this.upstream = upstream;
    this.memory = memory;
    this.news = news;
  }

  /** The same knowledge for another owner, who proves itself with {@code next} from now on. */
  ClientSecrets heirWith(Credentials next) {
    var heir = new ClientSecrets(upstream, memory.copy(), news);
    heir.lagging = lagging;
    heir.change(next);
    return heir;
  }

  /** Takes {@code next} for every request from now on. */
  void change(Credentials next) {
    if (memory.change(next)) {
      lagging = false;
    }
  }

  /** Which client we are. */
  String clientId() {
    return memory.current().credentials().clientId();
  }

  /** Whether a login that {@code client} began can be finished. */
  boolean canProve(String client) {
    return memory.of(client).isPresent();
  }

  /**
   * Sends a request as {@code client}, and once more where the provider does not know the proof.
   */
  Future<Answer> prove(String client, Function<Credentials, Future<Answer>> send) {
    var first = memory.of(client).orElse(memory.current());
    return send.apply(first.credentials())
        .compose(
            answer -> {
              var verdict = ProofVerdict.of(answer);
              if (verdict == ProofVerdict.REFUSED) {
                return again(first, answer, send);
              }
              note(first, false, verdict);
              return Future.succeededFuture(answer);
            });
  }

  private Future<Answer> again(
      Held first, Answer refusal, Function<Credentials, Future<Answer>> send) {
    var other = memory.other(first);
    if (other.isEmpty()) {
      tell(Outcome.REFUSED);
      return Future.succeededFuture(refusal);
    }
    return send.apply(other.get().credentials())
        .map(
            answer -> {
              var verdict = ProofVerdict.of(answer);
              if (verdict == ProofVerdict.REFUSED) {
                tell(Outcome.REFUSED);
                return refusal;
              }
              note(other.get(), other.get().number() < first.number(), verdict);
              return answer;
            });
  }

  /**
   * Notes what worked.
   *
   * @param instead whether a newer one was refused just before
   */
  private void note(Held held, boolean instead, ProofVerdict verdict) {
    if (verdict == ProofVerdict.ACCEPTED) {
      tell(instead ? Outcome.PREVIOUS_ACCEPTED : Outcome.ACCEPTED);
      memory.worked(held);
      log(instead);
    }
  }

  /** One line when the provider turns out to lag behind, and one when it has caught up. */
  private void log(boolean instead) {
    if (lagging && memory.current().worked()) {
      lagging = false;
      log(LOG.atInfo(), "identity provider knows the new client secret");
    } else if (instead && !lagging && !memory.current().worked()) {
      lagging = true;
      log(
          LOG.atWarn(),
          "identity provider does not know the new client secret yet, the previous one works");
    }
  }

  private void log(LoggingEventBuilder line, String message) {
    line.addKeyValue("upstream", upstream).addKeyValue("client", clientId()).log(message);
  }

  private void tell(Outcome outcome) {
    news.accept(new ClientProof(upstream, outcome));
  }
}
