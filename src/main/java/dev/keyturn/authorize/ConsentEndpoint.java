package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.client.Client;
import dev.keyturn.client.Clients;
import dev.keyturn.client.UnusableDocument;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the consent page's form is sent: denies, or sends the browser to the identity provider; or,
 * if it comes from there already, to the client.
 *
 * <p>It accepts only what the page of this very browser held. Without that an attacker's page could
 * approve in the person's name, and the attacker's client would be given the person's tokens.
 */
final class ConsentEndpoint implements Endpoint {
  static final String PATH = "/oauth/consent";

  private final Site site;
  private final Clients clients;
  private final ConsentForm form;
  private final OwnForms forms;
  private final Ways ways;
  private final Departure departure;
  private final Arrival arrival;
  private final Greeting greeting;

  ConsentEndpoint(
      Site site,
      Clients clients,
      ConsentForm form,
      Ways ways,
      Departure departure,
      Arrival arrival,
      Greeting greeting) {
    this.site = site;
    this.clients = clients;
    this.form = form;
    this.forms = new OwnForms(site, form.form());
    this.ways = ways;
    this.departure = departure;
    this.arrival = arrival;
    this.greeting = greeting;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(List.of(site.browser().route(PATH)), Set.of("POST"), this::decide));
  }

  private Future<Reply> decide(Request request) {
    var parameters = request.form().requireSingle();
    if (!forms.isOurs(request, parameters, PATH)) {
      return site.notices().page(request, Notice.FOREIGN_FORM);
    }
    var opened = form.open(parameters.required("request"));
    opened.flatMap(asked -> asked.request().uiLocales()).ifPresent(request::preferLocales);
    return opened.isEmpty()
        ? site.notices().page(request, Notice.EXPIRED_FORM)
        : decide(request, parameters, opened.get());
  }

  private Future<Reply> decide(Request request, Parameters parameters, Question question) {
    return switch (parameters.find("decision").orElse("")) {
      case "allow" -> allow(request, question);
      case "deny" -> deny(request, question);
      default -> site.notices().page(request, Notice.UNDECIDED);
    };
  }

  private Future<Reply> deny(Request request, Question question) {
    tell(Kind.CONSENT_DENIED, question);
    var denied = ACCESS_DENIED.because("the person denied the request").error();
    return (question.login().isPresent() ? arrival.deny(question) : Future.succeededFuture())
        .compose(gone -> site.notices().tell(request, question.request().returnTo(), denied));
  }

  private Future<Reply> allow(Request request, Question question) {
    var asked = question.request();
    return clients
        .find(asked.clientId(), request.remoteAddress())
        .map(client -> client.filter(known -> known.admits(asked.returnTo().uri()).isPresent()))
        .compose(
            client ->
                client.isPresent()
                    ? goOn(request, client.get(), question)
                    : site.notices().page(request, Notice.CLIENT_GONE))
        .recover(
            failure ->
                failure instanceof UnusableDocument document
                    ? site.notices().unusable(request, document)
                    : Future.failedFuture(failure));
  }

  private Future<Reply> goOn(Request request, Client client, Question question) {
    var way = ways.identity(question.identity());
    if (way.isEmpty()) {
      return site.notices().page(request, Notice.EXPIRED_FORM);
    }
    return question.login().isPresent()
        ? finish(request, client, question)
        : departure.forClient(request, question.request(), Approval.of(question), way.get());
  }

  /** The login is finished, and only the answer was missing. */
  private Future<Reply> finish(Request request, Client client, Question question) {
    return arrival
        .allow(client, question)
        .compose(
            allowed ->
                allowed.isPresent()
                    ? hand(request, question, allowed.get())
                    : site.notices().page(request, Notice.FINISHED));
  }

  private Future<Reply> hand(Request request, Question question, Arrival.Allowed allowed) {
    tell(Kind.CONSENT_GIVEN, question);
    var visitor =
        new PersonCookies.Visitor(
            allowed.subject(), allowed.person(), "", question.identity(), Instant.EPOCH);
    return site.notices()
        .hand(request, question.request().returnTo(), allowed.code())
        .map(reply -> greeting.greet(reply, visitor));
  }

  private void tell(Kind kind, Question question) {
    var asked = question.request();
    site.audit()
        .tell(
            kind,
            Map.of(
                "client", asked.clientId(),
                "redirect_uri", asked.returnTo().uri(),
                "scope", question.scopes().wire()));
  }
}
