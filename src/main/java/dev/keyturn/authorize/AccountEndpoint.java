package dev.keyturn.authorize;

import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The account page: what somebody has approved, and how to take it back.
 *
 * <p>It is for whoever has logged in within the last quarter of an hour in this browser; there is
 * no other login session. A change counts only from the page that was shown to the same person.
 */
final class AccountEndpoint implements Endpoint {
  static final String PATH = "/oauth/account";

  private final Site site;
  private final PersonCookies cookies;
  private final AccountForm form;
  private final OwnForms forms;
  private final AccountPage page;
  private final Undoing undoing;
  private final Ways ways;
  private final Departure departure;

  AccountEndpoint(
      Site site,
      PersonCookies cookies,
      AccountForm form,
      AccountPage page,
      Undoing undoing,
      Ways ways,
      Departure departure) {
    this.site = site;
    this.cookies = cookies;
    this.form = form;
    this.forms = new OwnForms(site, form.form());
    this.page = page;
    this.undoing = undoing;
    this.ways = ways;
    this.departure = departure;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(
            List.of(site.browser().route(PATH)),
            Set.of("GET", "POST"),
            request -> request.isPost() ? act(request) : show(request)));
  }

  private Future<Reply> show(Request request) {
    request.query().find("ui_locales").ifPresent(request::preferLocales);
    var browser = site.cookies().formValue(request);
    var visitor = cookies.visitor(request);
    var sealed = form.seal(visitor.map(PersonCookies.Visitor::subject).orElse(""));
    var fields = new AccountPage.Fields(sealed, form.form().token(browser, sealed));
    return visitor
        .map(known -> page.render(request, known, fields))
        .orElseGet(() -> page.invite(request, fields))
        .map(reply -> site.cookies().rememberForm(reply, browser));
  }

  private Future<Reply> act(Request request) {
    var parameters = request.form().requireSingle();
    if (!forms.isOurs(request, parameters, PATH)) {
      return site.notices().page(request, Notice.FOREIGN_CHANGE);
    }
    var way = parameters.find("login").flatMap(ways::identity);
    if (way.isPresent()) {
      return departure.forPerson(request, Purpose.ACCOUNT, way.get());
    }
    var subject =
        cookies
            .visitor(request)
            .map(PersonCookies.Visitor::subject)
            .filter(known -> form.open(parameters.required("request")).equals(Optional.of(known)));
    return subject
        .map(known -> change(known, parameters))
        .orElseGet(Future::succeededFuture)
        .map(done -> Reply.seeOther(site.browser().url(PATH)))
        .map(reply -> parameters.find("leave").isPresent() ? cookies.forget(reply) : reply);
  }

  private Future<Void> change(String subject, Parameters parameters) {
    return parameters
        .find("revoke")
        .map(id -> undoing.revoke(subject, id))
        .or(() -> parameters.find("end").map(id -> undoing.end(subject, id)))
        .or(() -> parameters.find("disconnect").map(id -> undoing.disconnect(subject, id)))
        .orElseGet(Future::succeededFuture);
  }
}
