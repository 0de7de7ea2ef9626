package dev.keyturn.logout;

import dev.keyturn.authorize.OwnBrowser;
import dev.keyturn.client.Client;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** A browser of which nothing is known. */
record AnyBrowser() implements ThisBrowser {
  @Override
  public Optional<String> person(Request request) {
    return Optional.empty();
  }

  @Override
  public Reply close(Reply reply) {
    return reply;
  }

  @Override
  public Reply forget(Reply reply) {
    return reply;
  }

  @Override
  public String nameOf(Client client, String language) {
    return OwnBrowser.nameOf(client, language);
  }

  @Override
  public Shown show(Request request, JsonObject content) {
    return new Form();
  }

  @Override
  public Optional<JsonObject> sent(Request request, Parameters parameters, String path) {
    return Optional.empty();
  }

  /** A form that nobody looks into. */
  record Form() implements ThisBrowser.Shown {
    @Override
    public String request() {
      return "sealed";
    }

    @Override
    public String token() {
      return "token";
    }

    @Override
    public Reply with(Reply page) {
      return page;
    }
  }
}
