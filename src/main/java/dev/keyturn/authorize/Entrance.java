package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.CONSENT_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.LOGIN_REQUIRED;

import dev.keyturn.client.Client;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.Future;
import java.util.List;

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
    return identities.size() == 1
        ? at(request, client, asked, identities.get(0))
        : remembered(request, client, asked, identities);
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

  /** Where the person of this browser logged in before, unless it is to be chosen anew. */
  private Future<Reply> remembered(
      Request request, Client client, AuthorizationRequest asked, List<Way> left) {
    if (left.isEmpty() || asked.choosesAnew()) {
      return choose(request, client, asked);
    }
    var way = left.get(0);
    return memory
        .recall(request, client, asked, ways.used(way, asked.resources()))
        .compose(
            recalled ->
                recalled.isByDecision()
                    ? at(request, client, asked, way)
                    : remembered(request, client, asked, left.subList(1, left.size())));
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
