package dev.keyturn.bench;

import dev.keyturn.given.Answer;
import dev.keyturn.idp.Person;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * A client of one person that is honest and has bad luck: it asks several times at once, loses
 * answers, and forgets its newest token. Sometimes a thief comes with an old one.
 *
 * <p>One thread at a time has it.
 */
final class SoakClient {
  private static final int GRANTED = 200;
  private static final int TRIES = 100;

  private final SoakTokens tokens = new SoakTokens();
  private final SoakReach reach;
  private final Person person;
  private final SoakTally tally;
  private final SoakGraves graves;
  private final Executor others;

  /** What a thief sent without being answered: perhaps it has ended the login. */
  private Optional<String> robbed = Optional.empty();

  private boolean unanswered;

  /**
   * @param others run what is asked at the same time
   */
  SoakClient(SoakReach reach, Person person, SoakGraves graves, Executor others) {
    this.reach = reach;
    this.person = person;
    this.tally = reach.tally();
    this.graves = graves;
    this.others = others;
  }

  private boolean isLoggedIn() {
    return tokens.areThere();
  }

  /** Logs in for the first time. */
  void arrive() {
    for (int i = 0; i < TRIES && !isLoggedIn(); i++) {
      var unused = logIn();
    }
  }

  /** Does one thing. What was not answered is followed by a refresh. */
  void act() {
    try {
      var chance = unanswered ? 0 : ThreadLocalRandom.current().nextInt(1000);
      var answered = robbed.map(this::comeAsThief).orElseGet(() -> any(chance));
      unanswered = !answered;
    } catch (RuntimeException e) {
      tally.count(SoakEvent.BROKEN, e);
    }
  }

  private boolean any(int chance) {
    if (!isLoggedIn()) {
      return logIn();
    } else if (chance < 500) {
      return refresh();
    } else if (chance < 650) {
      return refreshAtOnce();
    } else if (chance < 800) {
      return refreshInVain();
    } else if (chance < 900) {
      return refreshStale();
    } else if (chance < 990) {
      return call();
    }
    return tokens.haveAnOldOne() ? comeAsThief(tokens.anOldOne()) : refresh();
  }

  /** Comes to an end: whoever is logged in refreshes once more. */
  void finish() {
    for (int i = 0; i < TRIES; i++) {
      if (robbed.isPresent() || !isLoggedIn()) {
        act();
      } else if (refresh()) {
        return;
      }
    }
    tally.count(SoakEvent.WITHOUT_LOGIN, "at the end");
  }

  private boolean logIn() {
    var answer = reach.logIn(person).filter(SoakClient::isGood);
    answer.ifPresent(
        handed -> {
          tally.count(SoakEvent.LOGGED_IN);
          tokens.keep(handed);
        });
    return answer.isPresent();
  }

  private boolean refresh() {
    var token = tokens.send();
    var answer = reach.ask(client -> client.refresh(token));
    answer.ifPresent(this::take);
    return answer.isPresent();
  }

  private boolean refreshAtOnce() {
    var token = tokens.send();
    var asked =
        IntStream.range(0, 2 + ThreadLocalRandom.current().nextInt(3))
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> reach.ask(client -> client.refresh(token)), others))
            .toList();
    var answers = asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
    tally.count(SoakEvent.AT_ONCE);
    answers.stream().filter(SoakClient::isGood).findFirst().ifPresent(this::take);
    answers.forEach(this::sameAsNewest);
    return answers.size() == asked.size();
  }

  private boolean refreshInVain() {
    if (reach.refreshInVain(tokens.send())) {
      tally.count(SoakEvent.DROPPED);
    }
    return true;
  }

  /** Only as long as nobody has sent the newest one: that is where the window ends. */
  private boolean refreshStale() {
    if (!tokens.haveAStaleOne()) {
      return refresh();
    }
    var token = tokens.newest(2);
    var answer = reach.ask(client -> client.refresh(token));
    answer.ifPresent(
        given -> {
          tally.count(SoakEvent.STALE);
          sameAsNewest(given);
        });
    return answer.isPresent();
  }

  private boolean call() {
    var answer = reach.ask(client -> client.call(tokens.access()));
    answer.ifPresent(
        given ->
            tally.count(isGood(given) ? SoakEvent.CALLED : SoakEvent.CALL_REFUSED, given.status()));
    return answer.isPresent();
  }

  /** A token comes back that was replaced twice, which ends the login; the person begins again. */
  private boolean comeAsThief(String old) {
    robbed = Optional.of(old);
    var answer = reach.ask(client -> client.refresh(old));
    answer.ifPresent(
        given -> {
          tally.count(isGood(given) ? SoakEvent.OLD_TOKEN_ACCEPTED : SoakEvent.REUSED, "");
          graves.bury(reach, tokens.newest(1), tokens.access());
          forget();
        });
    return answer.isPresent();
  }

  private void take(Answer answer) {
    if (isGood(answer)) {
      tally.count(SoakEvent.REFRESHED);
      tokens.keep(answer);
    } else {
      endedBy(answer);
    }
  }

  private void sameAsNewest(Answer answer) {
    if (!isGood(answer)) {
      endedBy(answer);
    } else if (isLoggedIn() && !answer.text("refresh_token").equals(tokens.newest(1))) {
      tally.count(SoakEvent.TWO_SUCCESSORS, "of one token");
    }
  }

  /** An honest client was refused. */
  private void endedBy(Answer answer) {
    if (isLoggedIn()) {
      tally.count(SoakEvent.FORCED_LOGOUT, answer.status() + " " + answer.body());
      forget();
    }
  }

  private void forget() {
    tokens.forget();
    robbed = Optional.empty();
  }

  private static boolean isGood(Answer answer) {
    return answer.status() == GRANTED;
  }
}
