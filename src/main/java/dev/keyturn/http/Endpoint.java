package dev.keyturn.http;

import java.util.List;
import java.util.Map;

/** A part of the authorization server that answers at its own paths. */
public interface Endpoint {
  /** Where and how it answers. */
  List<Route> routes();

  /**
   * What it contributes to the authorization server metadata. Lists of the same name that several
   * endpoints contribute are joined.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-2">RFC 8414, section 2</a>
   */
  default Map<String, Object> metadata() {
    return Map.of();
  }
}
