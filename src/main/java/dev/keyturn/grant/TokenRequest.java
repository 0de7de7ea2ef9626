package dev.keyturn.grant;

import static dev.keyturn.oauth.ErrorCode.INVALID_TARGET;

import dev.keyturn.client.Client;
import dev.keyturn.http.Parameters;
import dev.keyturn.oauth.ResourceIndicator;
import java.util.List;

/** A token request of a client that has authenticated. */
public record TokenRequest(Client client, Parameters parameters) {
  /**
   * The audience of the access token: the one that is asked for, out of those authorized, else the
   * first.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8707#section-2.2">RFC 8707, section 2.2</a>
   */
  String audience(List<String> authorized) {
    var asked = parameters.all("resource");
    if (asked.size() > 1) {
      throw INVALID_TARGET.because("an access token is for one resource: name one");
    }
    return asked.isEmpty()
        ? authorized.get(0)
        : named(new ResourceIndicator(asked.get(0)), authorized);
  }

  private static String named(ResourceIndicator asked, List<String> authorized) {
    return authorized.stream()
        .filter(resource -> new ResourceIndicator(resource).names(asked))
        .findFirst()
        .orElseThrow(() -> INVALID_TARGET.because("resource was not authorized"));
  }
}
