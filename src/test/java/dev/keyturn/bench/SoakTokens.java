package dev.keyturn.bench;

import dev.keyturn.given.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The tokens of one login as a client knows them, the newest last. */
final class SoakTokens {
  private final List<String> refresh = new ArrayList<>();
  private volatile String access = "";

  /** Whether the newest was sent, with an outcome that the client does not know. */
  private boolean doubtful;

  boolean areThere() {
    return !access.isEmpty();
  }

  String access() {
    return access;
  }

  /** The newest refresh token, which is about to be sent. */
  String send() {
    doubtful = true;
    return newest(1);
  }

  /** Whether the one before the newest may still come: nobody has sent the newest. */
  boolean haveAStaleOne() {
    return !doubtful && refresh.size() > 1;
  }

  /** Whether there is one that was replaced, and what replaced it too. */
  boolean haveAnOldOne() {
    return refresh.size() > 2;
  }

  String anOldOne() {
    return newest(3 + ThreadLocalRandom.current().nextInt(refresh.size() - 2));
  }

  /** Counted from the newest, which is the first. */
  String newest(int number) {
    return refresh.get(refresh.size() - number);
  }

  void keep(Answer answer) {
    refresh.add(answer.text("refresh_token"));
    access = answer.text("access_token");
    doubtful = false;
  }

  void forget() {
    refresh.clear();
    access = "";
    doubtful = false;
  }
}
