package dev.keyturn.logout;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.client.Client;
import dev.keyturn.http.Parameters;
import dev.keyturn.oauth.OAuthException;
import java.util.Optional;

/**
 * Where a person is to be led after a logout, of which it is certain that the client has registered
 * it.
 *
 * @param client that asks for the logout; empty if none does
 * @param afterwards empty: nowhere
 */
record LogoutRequest(Optional<Client> client, Optional<Destination> afterwards) {
  private static final String AFTERWARDS = "post_logout_redirect_uri";
  private static final String STATE = "state";
  private static final int MAX_STATE = 2048;

  /**
   * What a client asks for, or somebody in its name.
   *
   * @param hinted whether an ID token of ours shows whose session it is: that ends also when its
   *     client is gone, and nobody is led anywhere then
   */
  static LogoutRequest of(Parameters parameters, Optional<Client> client, boolean hinted) {
    var uri = parameters.find(AFTERWARDS);
    var state = parameters.find(STATE);
    if (state.filter(value -> value.length() > MAX_STATE).isPresent()) {
      throw refused(STATE, "must be at most " + MAX_STATE + " characters long");
    }
    if (uri.isPresent() && client.isEmpty() && !hinted) {
      throw refused(AFTERWARDS, "needs id_token_hint or client_id to say whose it is");
    }
    return new LogoutRequest(
        client, client.flatMap(known -> uri.map(to -> destination(known, to, state))));
  }

  private static Destination destination(Client client, String uri, Optional<String> state) {
    if (!client.logout().leadsTo(uri)) {
      throw refused(AFTERWARDS, "is not among the post_logout_redirect_uris of the client");
    }
    return Destination.of(client, uri, state);
  }

  private static OAuthException refused(String parameter, String why) {
    return INVALID_REQUEST.because(parameter + " " + why);
  }
}
