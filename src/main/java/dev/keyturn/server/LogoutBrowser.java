package dev.keyturn.server;

import dev.keyturn.authorize.OwnBrowser;
import dev.keyturn.client.Client;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.logout.ThisBrowser;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The browser of a login, as the logout sees it. */
record LogoutBrowser(OwnBrowser browser) implements ThisBrowser {
  @Override
  public Optional<String> person(Request request) {
    return browser.person(request);
  }

  @Override
  public Reply close(Reply reply) {
    return browser.close(reply);
  }

  @Override
  public Reply forget(Reply reply) {
    return browser.forget(reply);
  }

  @Override
  public String nameOf(Client client, String language) {
    return OwnBrowser.nameOf(client, language);
  }

  @Override
  public Shown show(Request request, JsonObject content) {
    return new Form(browser, browser.show(request, content));
  }

  @Override
  public Optional<JsonObject> sent(Request request, Parameters parameters, String path) {
    return browser.sent(request, parameters, path);
  }

  private record Form(OwnBrowser browser, OwnBrowser.Shown shown) implements Shown {
    @Override
    public String request() {
      return shown.request();
    }

    @Override
    public String token() {
      return shown.token();
    }

    @Override
    public Reply with(Reply page) {
      return browser.remember(page, shown);
    }
  }
}
