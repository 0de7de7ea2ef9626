package dev.keyturn.logout;

import dev.keyturn.client.Client;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.logout.LogoutPages.Told;
import dev.keyturn.oauth.RedirectUri;
import io.vertx.core.Future;
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
    return pages.ask(request, asked, "/oauth/logout", new AnyBrowser.Form());
  }

  private static Optional<Destination> afterwards() {
    var site = new RedirectUri("https://app.example.com/bye");
    return Optional.of(new Destination(site, Optional.empty(), false));
  }
}
