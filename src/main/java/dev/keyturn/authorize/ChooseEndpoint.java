package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.client.Clients;
import dev.keyturn.client.UnusableDocument;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** Where the form is sent by which a person chooses where to log in. */
final class ChooseEndpoint implements Endpoint {
  static final String PATH = "/oauth/choose";

  private final Site site;
  private final Clients clients;
  private final Ways ways;
  private final Choosing choosing;
  private final OwnForms forms;
  private final Entrance entrance;

  ChooseEndpoint(Site site, Clients clients, Ways ways, Choosing choosing, Entrance entrance) {
    this.site = site;
    this.clients = clients;
    this.ways = ways;
    this.choosing = choosing;
    this.forms = new OwnForms(site, choosing.form());
    this.entrance = entrance;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(List.of(site.browser().route(PATH)), Set.of("POST"), this::choose));
  }

  private Future<Reply> choose(Request request) {
    var parameters = request.form().requireSingle();
    if (!forms.isOurs(request, parameters, PATH)) {
      return site.notices().page(request, Notice.FOREIGN_FORM);
    }
    var opened = choosing.open(parameters.required("request"));
    opened.flatMap(AuthorizationRequest::uiLocales).ifPresent(request::preferLocales);
    return opened
        .map(asked -> choose(request, parameters, asked))
        .orElseGet(() -> site.notices().page(request, Notice.EXPIRED_FORM));
  }

  private Future<Reply> choose(Request request, Parameters parameters, AuthorizationRequest asked) {
    var way = parameters.find("upstream").flatMap(ways::identity);
    return way.isEmpty()
        ? site.notices().page(request, Notice.UNDECIDED)
        : clients
            .find(asked.clientId(), request.remoteAddress())
            .map(client -> client.filter(known -> known.admits(asked.returnTo().uri()).isPresent()))
            .compose(
                client ->
                    client.isPresent()
                        ? enter(request, client.get(), asked, way.get())
                        : site.notices().page(request, Notice.CLIENT_GONE))
            .recover(
                failure ->
                    failure instanceof UnusableDocument document
                        ? site.notices().unusable(request, document)
                        : Future.failedFuture(failure));
  }

  private Future<Reply> enter(Request request, Client client, AuthorizationRequest asked, Way way) {
    return entrance
        .at(request, client, asked, way)
        .recover(
            failure ->
                failure instanceof OAuthException refusal
                    ? site.notices().refuse(request, asked.returnTo(), refusal.error())
                    : Future.failedFuture(failure));
  }
}
