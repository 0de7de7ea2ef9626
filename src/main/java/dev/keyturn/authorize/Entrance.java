package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.CONSENT_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.LOGIN_REQUIRED;

import dev.keyturn.client.Client;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.Future;

/**
 * What follows on a request that is good: the page that asks where to log in, the page that asks
 * for the approval, or, where an earlier decision stands for both, the way to the provider.
 */
final class Entrance {
  private final Ways ways;
  private final Memory memory;
  private final Asking asking;
  private final Choosing choosing;
  private final Departure departure;

  Entrance(Ways ways, Memory memory, Asking asking, Choosing choosing, Departure departure) {
    this.ways = ways;
    this.memory = memory;
    this.asking = asking;
    this.choosing = choosing;
    this.departure = departure;
  }

  Future<Reply> enter(Request request, Client client, AuthorizationRequest asked) {
    var identities = ways.identities();
    if (identities.size() == 1) {
      return at(request, client, asked, identities.get(0));
    }
    return memory
        .lastAt(request)
        .filter(last -> !asked.choosesAnew())
        .flatMap(ways::identity)
        .map(way -> remembered(request, client, asked, way))
        .orElseGet(() -> choose(request, client, asked));
  }

  /** By the upstream that was chosen, or is the only one. */
  Future<Reply> at(Request request, Client client, AuthorizationRequest asked, Way way) {
    var used = ways.used(way, asked.resources());
    // Nobody is asked for a consent that cannot be used now.
    return way.upstream()
        .requireReady()
        .compose(ready -> memory.recall(request, client, asked, used))
        .compose(
            recalled ->
                recalled.approval().isPresent()
                    ? departure.forClient(request, asked, recalled.approval().get(), way)
                    : ask(request, client, asked, new Choice(way, recalled)));
  }

  /** Where the person of this browser last logged in, if nothing has to be asked then. */
  private Future<Reply> remembered(
      Request request, Client client, AuthorizationRequest asked, Way way) {
    return memory
        .recall(request, client, asked, ways.used(way, asked.resources()))
        .compose(
            recalled ->
                recalled.approval().isPresent()
                    ? at(request, client, asked, way)
                    : choose(request, client, asked));
  }

  private Future<Reply> choose(Request request, Client client, AuthorizationRequest asked) {
    if (asked.isSilent()) {
      throw LOGIN_REQUIRED.because("the person must choose where to log in");
    }
    return choosing.ask(request, client, asked);
  }

  private Future<Reply> ask(
      Request request, Client client, AuthorizationRequest asked, Choice choice) {
    if (asked.isSilent()) {
      throw CONSENT_REQUIRED.because("the person must be asked");
    }
    var question =
        Question.before(
            asked,
            choice.recalled.whole(),
            choice.way.name(),
            ways.used(choice.way, asked.resources()));
    return asking.ask(request, client, question, "");
  }

  private record Choice(Way way, Memory.Recalled recalled) {}
}
