package dev.keyturn.store.redis;

import java.util.Optional;
import java.util.regex.Pattern;

/** Why one attempt failed: what it met, and where. */
final class TroubleException extends Exception {
  private static final long serialVersionUID = 1L;

  /** How a server names the command that a user may not give. */
  private static final Pattern COMMAND = Pattern.compile("'([a-z|]+)' command");

  private final Trouble trouble;
  private final String node;
  private final String words;
  private final boolean carriedOut;
  private final transient Optional<Address> elsewhere;

  private TroubleException(
      Trouble trouble, String node, String words, boolean carriedOut, Optional<Address> elsewhere) {
    super(node + " " + words, null, false, false);
    this.trouble = trouble;
    this.node = node;
    this.words = words;
    this.carriedOut = carriedOut;
    this.elsewhere = elsewhere;
  }

  /** Nothing was carried out. */
  static TroubleException refused(Trouble trouble, Object node) {
    return new TroubleException(trouble, node.toString(), trouble.words(), false, Optional.empty());
  }

  /** It was sent, and what came of it is unknown. */
  static TroubleException unanswered(Trouble trouble, Object node) {
    return new TroubleException(trouble, node.toString(), trouble.words(), true, Optional.empty());
  }

  /** What a server answered instead of doing it. */
  static TroubleException answered(String error, Address node) {
    var trouble = Trouble.of(error);
    var words = error.split(" ", -1);
    var named = trouble == Trouble.MOVED || trouble == Trouble.ASK;
    return new TroubleException(
        trouble,
        node.toString(),
        trouble == Trouble.FORBIDDEN ? trouble.words() + right(error) : trouble.words(),
        false,
        named && words.length > 2 ? Address.told(words[2], node.host()) : Optional.empty());
  }

  private static String right(String error) {
    var command = COMMAND.matcher(error);
    return command.find() ? ": " + command.group(1) : "";
  }

  /** The same, told of somebody who stands for several servers. */
  TroubleException of(String name) {
    return new TroubleException(trouble, name, words, carriedOut, elsewhere);
  }

  /** The same, with what it is about. */
  TroubleException about(String what) {
    return new TroubleException(trouble, node, words + ": " + what, carriedOut, elsewhere);
  }

  Trouble trouble() {
    return trouble;
  }

  String node() {
    return node;
  }

  /** For the log, after the name of the node. */
  String words() {
    return words;
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
