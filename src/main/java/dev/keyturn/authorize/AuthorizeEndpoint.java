package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.client.Clients;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.upstream.Upstream;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The authorization endpoint. It sends nobody anywhere: it refuses, or shows the consent page.
 *
 * <p>As long as it is not known that the redirect URI is the client's own, a refusal is a page.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1">RFC 6749, section 4.1.1</a>
 */
final class AuthorizeEndpoint implements Endpoint {
  static final String PATH = "/oauth/authorize";

  private final Site site;
  private final Clients clients;
  private final RequestRules rules;
  private final ConsentForm form;
  private final ConsentPage page;
  private final Upstream upstream;

  AuthorizeEndpoint(
      Site site,
      Clients clients,
      RequestRules rules,
      ConsentForm form,
      ConsentPage page,
      Upstream upstream) {
    this.site = site;
    this.clients = clients;
    this.rules = rules;
    this.form = form;
    this.page = page;
    this.upstream = upstream;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(
            List.of(site.browser().route(PATH)), Set.of("GET", "POST"), this::authorize));
  }

  @Override
  public Map<String, Object> metadata() {
    return Map.of(
        "authorization_endpoint", site.browser().url(PATH),
        "response_types_supported", List.of("code"),
        "response_modes_supported", List.of("query"),
        "code_challenge_methods_supported", List.of("S256"),
        "authorization_response_iss_parameter_supported", true);
  }

  private Future<Reply> authorize(Request request) {
    var parameters = request.isPost() ? request.form() : request.query();
    parameters.find("ui_locales").ifPresent(request::preferLocales);
    var clientId = parameters.find("client_id");
    if (clientId.isEmpty() || parameters.isRepeated("client_id")) {
      return site.notices().page(request, Notice.NO_CLIENT, "client_id must be given once");
    }
    return clients
        .find(clientId.get())
        .compose(
            client ->
                client.isPresent()
                    ? returnOrRefuse(request, parameters, client.get())
                    : site.notices().page(request, Notice.UNKNOWN_CLIENT));
  }

  private Future<Reply> returnOrRefuse(Request request, Parameters parameters, Client client) {
    var address = address(parameters, client);
    if (address.isEmpty()) {
      return site.notices()
          .page(request, Notice.FOREIGN_ADDRESS, "redirect_uri is not registered for this client");
    }
    return Future.succeededFuture(parameters)
        .map(given -> rules.check(client, address.get(), given))
        .compose(checked -> ask(request, client, checked))
        .recover(
            failure ->
                failure instanceof OAuthException refusal
                    ? site.notices().refuse(request, address.get(), refusal.error())
                    : Future.failedFuture(failure));
  }

  private static Optional<ReturnAddress> address(Parameters parameters, Client client) {
    return parameters.isRepeated("redirect_uri")
        ? Optional.empty()
        : ReturnAddress.trusted(client, parameters.find("redirect_uri"), parameters.find("state"));
  }

  private Future<Reply> ask(Request request, Client client, AuthorizationRequest checked) {
    var browser = site.cookies().formValue(request);
    var sealed = form.seal(checked);
    // Nobody is asked for a consent that cannot be used now.
    return upstream
        .requireReady()
        .compose(
            ready ->
                page.render(
                    request,
                    checked,
                    client,
                    new ConsentPage.Fields(sealed, form.token(browser, sealed))))
        .map(reply -> site.cookies().rememberForm(reply, browser));
  }
}
