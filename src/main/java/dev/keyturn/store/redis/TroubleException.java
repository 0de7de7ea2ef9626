package dev.keyturn.store.redis;

import java.util.Optional;

/** Why one attempt failed: what it met, and where. */
final class TroubleException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Trouble trouble;
  private final String node;
  private final boolean carriedOut;
  private final transient Optional<Address> elsewhere;

  private TroubleException(
      Trouble trouble, String node, boolean carriedOut, Optional<Address> elsewhere) {
    super(node + " " + trouble.words(), null, false, false);
    this.trouble = trouble;
    this.node = node;
    this.carriedOut = carriedOut;
    this.elsewhere = elsewhere;
  }

  /** Nothing was carried out. */
  static TroubleException refused(Trouble trouble, Object node) {
    return new TroubleException(trouble, node.toString(), false, Optional.empty());
  }

  /** It was sent, and what came of it is unknown. */
  static TroubleException unanswered(Trouble trouble, Object node) {
    return new TroubleException(trouble, node.toString(), true, Optional.empty());
  }

  /** What a server answered instead of doing it. */
  static TroubleException answered(String error, Address node) {
    var trouble = Trouble.of(error);
    var words = error.split(" ", -1);
    var named = trouble == Trouble.MOVED || trouble == Trouble.ASK;
    return new TroubleException(
        trouble,
        node.toString(),
        false,
        named && words.length > 2 ? Address.told(words[2], node.host()) : Optional.empty());
  }

  Trouble trouble() {
    return trouble;
  }

  String node() {
    return node;
  }

  /** Whether it may have been carried out. */
  boolean mayBeDone() {
    return carriedOut;
  }

  /** Who has the key, if the server said so. */
  Optional<Address> elsewhere() {
    return elsewhere;
  }
}
