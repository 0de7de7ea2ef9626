package dev.keyturn.logout;

import dev.keyturn.client.Client;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** What the logout needs to know of the browser in front of it. */
public interface ThisBrowser {
  /** The {@code sub} of whoever has just logged in here. */
  Optional<String> person(Request request);

  /** Closes what is open for whoever has logged in here. */
  Reply close(Reply reply);

  /** Forgets whoever has logged in here. */
  Reply forget(Reply reply);

  /** How pages call a client; empty where a stranger gives no name. */
  String nameOf(Client client, String language);

  /** A form for this browser alone. */
  Shown show(Request request, JsonObject content);

  /** What a form holds that was shown to this browser; empty for any other. */
  Optional<JsonObject> sent(Request request, Parameters parameters, String path);

  /** A form as it is shown. */
  interface Shown {
    /** The field {@code request}. */
    String request();

    /** The field {@code token}. */
    String token();

    /** The page that holds it, with what this browser must remember. */
    Reply with(Reply page);
  }
}
