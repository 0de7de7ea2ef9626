package dev.keyturn.client;

import dev.keyturn.client.Authentication.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How the metadata says by which methods clients authenticate at an endpoint.
 *
 * @param endpoint the endpoint's member without {@code _endpoint}, such as {@code token}
 * @param methods that some client here uses
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-2">RFC 8414, section 2</a>
 */
public record AuthenticationMetadata(String endpoint, Collection<Method> methods) {
  /** The members; the algorithms are there where some client signs. */
  public Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put(
        endpoint + "_endpoint_auth_methods_supported",
        Stream.of(Method.values()).filter(methods::contains).map(Method::wire).toList());
    if (methods.contains(Method.PRIVATE_KEY_JWT)) {
      members.put(
          endpoint + "_endpoint_auth_signing_alg_values_supported", ClientAssertions.algorithms());
    }
    return members;
  }
}
