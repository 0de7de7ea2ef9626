package dev.keyturn.logout;

import dev.keyturn.authorize.OwnBrowser;
import dev.keyturn.client.Client;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.logout.LogoutPages.Told;
import dev.keyturn.oauth.RedirectUri;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Every page of a logout, for whoever looks at pages. */
public final class GivenLogoutPages {
  private final Client client;
  private final LogoutPages pages;

  public GivenLogoutPages(Pages pages, Client client) {
    this.client = client;
    this.pages = new LogoutPages(pages, new AnyBrowser());
  }

  /** What shows each page, by its path. */
  public Map<String, Function<Request, Future<Reply>>> all() {
    var all = new LinkedHashMap<String, Function<Request, Future<Reply>>>();
    all.put("/logout-ask", this::ask);
    all.put("/logout-done", request -> pages.done(request, Told.DONE, afterwards()));
    all.put("/logout-forgotten", request -> pages.done(request, Told.FORGOTTEN, Optional.empty()));
    all.put("/logout-stayed", pages::stayed);
    all.put("/logout-foreign", pages::foreign);
    return all;
  }

  private Future<Reply> ask(Request request) {
    var asked = new LogoutRequest(Optional.of(client), afterwards());
    return pages.ask(request, asked, "/oauth/logout", new Form());
  }

  private static Optional<Destination> afterwards() {
    var site = new RedirectUri("https://app.example.com/bye");
    return Optional.of(new Destination(site, Optional.empty(), false));
  }

  private record Form() implements ThisBrowser.Shown {
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

  private record AnyBrowser() implements ThisBrowser {
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
  }
}
