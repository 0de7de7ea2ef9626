package dev.keyturn.idp;

import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * The parameters of an OAuth request: each at most once, an empty one is absent.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.1">RFC 6749, section 3.1</a>
 */
record Parameters(MultiMap values) {
  Optional<String> optional(String name) {
    var given = values.getAll(name);
    if (given.size() > 1) {
      throw new Refusal("invalid_request", name + " is given more than once");
    }
    return given.stream().findFirst().filter(value -> !value.isEmpty());
  }

  String required(String name) {
    return optional(name).orElseThrow(() -> new Refusal("invalid_request", name + " is missing"));
  }
}
