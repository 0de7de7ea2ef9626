package dev.keyturn.upstream;

import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who serves under one name: the provider in office, and at most one that waits to take over.
 *
 * <p>A configuration of the same provider is taken over by the one in office, which keeps what it
 * has found out. Another provider is started beside it and takes over when logins can begin there,
 * so that a wrong address or a provider that is down ends nothing that works. Belongs to one event
 * loop.
 */
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private final Opening opening;
  private final Consumer<UpstreamStatus> news;
  private final Set<Tenure> leaving = new HashSet<>();
  private Tenure serving;
  private Optional<Tenure> waiting = Optional.empty();
  private Optional<UpstreamStatus> told = Optional.empty();

  Succession(UpstreamConfig first, Opening opening, Consumer<UpstreamStatus> news) {
    this.opening = opening;
    this.news = news;
    this.serving = opening.open(first, Optional.empty(), this::look);
  }

  void start() {
    serving.provider().start();
    look();
  }

  /** Asks the provider in office. */
  <T> Future<T> ask(Function<Provider, Future<T>> question) {
    return serving.ask(question);
  }

  UpstreamStatus status() {
    var now = serving.provider().status();
    return waiting
        .map(next -> next.provider().status().reason().orElse("it is not ready"))
        .map(now::whileWaiting)
        .orElse(now);
  }

  /** Goes on under {@code next} now, or when its provider is ready. */
  UpstreamStatus reconfigure(UpstreamConfig next) {
    if (!next.name().equals(serving.provider().name())) {
      throw new IllegalArgumentException("upstream " + next.name() + " has another owner");
    }
    if (serving.provider().adopt(next)) {
      dismissWaiting();
    } else if (!waiting.map(candidate -> candidate.provider().adopt(next)).orElse(false)) {
      dismissWaiting();
      await(opening.open(next, secretsFor(next), this::look));
    }
    look();
    return status();
  }

  /** Ends everything at once. */
  Future<?> stop() {
    var all = Stream.concat(leaving.stream(), Stream.concat(Stream.of(serving), waiting.stream()));
    return Future.join(List.copyOf(all.map(Tenure::abort).toList()));
  }

  private void await(Tenure candidate) {
    waiting = Optional.of(candidate);
    candidate.provider().start();
  }

  /** What is known of our secrets goes on where it is the same provider, and nowhere else. */
  private Optional<ClientSecrets> secretsFor(UpstreamConfig next) {
    var mine = serving.provider();
    return mine.issuedBy().equals(next.issuedBy())
        ? Optional.of(mine.secrets().heirWith(next.registration().client()))
        : Optional.empty();
  }

  private void dismissWaiting() {
    waiting.ifPresent(this::dismiss);
    waiting = Optional.empty();
  }

  private void dismiss(Tenure tenure) {
    leaving.add(tenure);
    tenure.end().onComplete(closed -> leaving.remove(tenure));
  }

  /**
   * Looks whether it is time to take over, and tells what has changed. Where the one in office was
   * never ready, there is nothing to keep up.
   */
  private void look() {
    waiting
        .filter(next -> next.isReady() || !serving.isReady())
        .ifPresent(
            next -> {
              dismiss(serving);
              serving = next;
              waiting = Optional.empty();
            });
    var now = status();
    if (!told.equals(Optional.of(now))) {
      told = Optional.of(now);
      log(now);
      news.accept(now);
    }
  }

  private static void log(UpstreamStatus now) {
    (now.waiting().isPresent() ? LOG.atWarn() : LOG.atInfo())
        .addKeyValue("upstream", now.name())
        .addKeyValue("ready", now.ready())
        .addKeyValue("reason", now.reason().orElse("none"))
        .addKeyValue("waiting", now.waiting().orElse("none"))
        .log(
            now.waiting().isPresent()
                ? "new configuration waits for its identity provider"
                : "identity provider changed");
  }

  /** Makes a provider with connections of its own. */
  interface Opening {
    /**
     * Opens the connections; nobody is asked anything yet.
     *
     * @param secrets what is known of our secrets there, if anything
     * @param news is run when the provider's status has changed
     */
    Tenure open(UpstreamConfig config, Optional<ClientSecrets> secrets, Runnable news);
  }
}
