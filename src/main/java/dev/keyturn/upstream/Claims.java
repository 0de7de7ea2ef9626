package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Supplier;

/**
 * All that a provider says of somebody who has just logged in, for rules to judge and nobody else.
 *
 * <p>It is read when a rule asks for it, and kept nowhere.
 */
public final class Claims {
  /** Of somebody of whom nothing is said. */
  public static final Claims NONE = new Claims(Json::empty);

  private final Supplier<ObjectNode> document;

  Claims(Supplier<ObjectNode> document) {
    this.document = document;
  }

  ObjectNode document() {
    return document.get();
  }

  /** Shows nothing of a person. */
  @Override
  public String toString() {
    return "Claims[hidden]";
  }
}
