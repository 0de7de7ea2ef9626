package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.upstream.ClientProof.Outcome;
import dev.keyturn.upstream.SecretMemory.Held;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * How Keyturn proves itself at one provider while the secret, or the key, changes at both ends.
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
  private Membership membership = Membership.CONFIGURED;
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

  /** Asks {@code other} about a proof that is refused. */
  void heed(Membership other) {
    membership = other;
  }

  /** Takes {@code clients} for all that we are; those of before prove themselves as before. */
  void change(KnownClients clients) {
    change(clients.current());
    memory.knowOnly(clients.others());
  }

  /** The client whose tokens {@code generation} marks; of those without a mark the current one. */
  Optional<String> clientOf(String generation) {
    return generation.isEmpty() ? Optional.of(clientId()) : memory.clientOf(generation);
  }

  /**
   * Redeems as the client whose tokens {@code generation} marks, where anything proves that one. Of
   * one that is gone nothing is left to redeem.
   */
  Future<RefreshAnswer> redeemAs(
      String generation, Function<String, Future<RefreshAnswer>> redeem) {
    return clientLearned(generation)
        .compose(
            client ->
                client
                    .map(redeem)
                    .orElseGet(() -> Future.succeededFuture(new RefreshAnswer.Orphaned())));
  }

  /** Gives back as that client; tokens of one that is gone are worth nothing there any more. */
  Future<RevocationAnswer> revokeAs(
      String generation, Function<String, Future<RevocationAnswer>> revoke) {
    return clientLearned(generation)
        .compose(
            client ->
                client
                    .map(revoke)
                    .orElseGet(() -> Future.succeededFuture(RevocationAnswer.REFUSED)));
  }

  private Future<Optional<String>> clientLearned(String generation) {
    return membership
        .learn(() -> clientOf(generation).isPresent())
        .map(learned -> clientOf(generation));
  }

  /** Who we are. */
  Credentials current() {
    return memory.current().credentials();
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
    return membership
        .refused(first.credentials())
        .compose(
            learned ->
                memory
                    .other(first)
                    .map(other -> insteadOf(first, other, refusal, send))
                    .orElseGet(() -> Future.succeededFuture(refused(first, refusal))));
  }

  private Future<Answer> insteadOf(
      Held first, Held other, Answer refusal, Function<Credentials, Future<Answer>> send) {
    return send.apply(other.credentials())
        .map(
            answer -> {
              var verdict = ProofVerdict.of(answer);
              if (verdict == ProofVerdict.REFUSED) {
                return refused(memory.current(), refusal);
              }
              note(other, other.number() < first.number(), verdict);
              return answer;
            });
  }

  /** Whoever may not do this one thing is known all the same. */
  private Answer refused(Held who, Answer refusal) {
    tell(Outcome.REFUSED);
    if (ProofVerdict.isOfNobody(refusal)) {
      membership.unknown(who.credentials());
    }
    return refusal;
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
      membership.accepted(held.credentials());
      log(instead);
    }
  }

  /** One line when the provider turns out to lag behind, and one when it has caught up. */
  private void log(boolean instead) {
    if (lagging && memory.current().worked()) {
      lagging = false;
      log(LOG.atInfo(), "identity provider knows the new client " + proof());
    } else if (instead && !lagging && !memory.current().worked()) {
      lagging = true;
      log(
          LOG.atWarn(),
          "identity provider does not know the new client "
              + proof()
              + " yet, what was before it works");
    }
  }

  private String proof() {
    return current().key().isPresent() ? "key" : "secret";
  }

  private void log(LoggingEventBuilder line, String message) {
    line.addKeyValue("upstream", upstream).addKeyValue("client", clientId()).log(message);
  }

  private void tell(Outcome outcome) {
    news.accept(new ClientProof(upstream, outcome));
  }
}
