package dev.keyturn.authorize;

import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where somebody links an account at a further upstream: of their own accord, or as a part of a
 * client's login, whose pages are answered here.
 *
 * <p>It begins only in a browser in which the person has logged in within the last ten minutes, and
 * only by the button of a page of ours. The address names the upstream and nobody.
 */
final class LinkEndpoint implements Endpoint {
  static final String PATH = "/oauth/link";

  private final Site site;
  private final Ways ways;
  private final PersonCookies cookies;
  private final LinkForm form;
  private final OwnForms forms;
  private final LinkAsking asking;
  private final WaitingLinks waiting;
  private final Links links;
  private final Departure departure;
  private final Clock clock;

  LinkEndpoint(
      Site site,
      Ways ways,
      PersonCookies cookies,
      LinkForm form,
      LinkAsking asking,
      WaitingLinks waiting,
      Links links,
      Departure departure,
      Clock clock) {
    this.site = site;
    this.ways = ways;
    this.cookies = cookies;
    this.form = form;
    this.forms = new OwnForms(site, form.form());
    this.asking = asking;
    this.waiting = waiting;
    this.links = links;
    this.departure = departure;
    this.clock = clock;
  }

  static String path(String upstream) {
    return PATH + "/" + upstream;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPeople(
            List.of(site.browser().route(path(":upstream"))),
            Set.of("GET", "POST"),
            request -> request.isPost() ? act(request) : show(request)));
  }

  private Future<Reply> show(Request request) {
    request.query().find("ui_locales").ifPresent(request::preferLocales);
    var upstream = request.pathParameter("upstream");
    if (ways.find(upstream).isEmpty()) {
      return site.notices().page(request, Notice.NO_UPSTREAM);
    }
    return visitor(request, upstream)
        .map(known -> asking.start(request, upstream, known))
        .orElseGet(() -> asking.logIn(request, upstream, identities(upstream)));
  }

  /** At which one can log in to link an account at {@code upstream}. */
  private List<String> identities(String upstream) {
    var others = ways.identities().stream().map(Way::name).toList();
    return others.stream().filter(name -> !name.equals(upstream)).toList();
  }

  /** Who has just logged in, elsewhere than at {@code upstream}. */
  private Optional<PersonCookies.Visitor> visitor(Request request, String upstream) {
    return cookies
        .visitor(request)
        .filter(known -> known.mayLink(clock.instant()))
        .filter(known -> ways.identity(known.upstream()).isPresent())
        .filter(known -> !known.upstream().equals(upstream));
  }

  private Future<Reply> act(Request request) {
    var parameters = request.form().requireSingle();
    var upstream = request.pathParameter("upstream");
    if (!forms.isOurs(request, parameters, PATH)) {
      return site.notices().page(request, Notice.FOREIGN_CHANGE);
    }
    var content = form.open(parameters.required("request"), upstream);
    if (content.isEmpty()) {
      return site.notices().page(request, Notice.LINK_EXPIRED);
    }
    return content.get().waiting().isEmpty()
        ? begin(request, parameters, content.get())
        : decide(request, parameters, content.get().waiting());
  }

  /** Who says nothing that counts may say it again. */
  private Future<Reply> decide(Request request, Parameters parameters, String name) {
    var word = parameters.find("decision").flatMap(Links.Word::of);
    return word.isEmpty()
        ? site.notices().page(request, Notice.UNDECIDED)
        : waiting
            .take(name)
            .compose(
                found ->
                    found
                        .map(link -> links.decide(request, link, word.get()))
                        .orElseGet(() -> site.notices().page(request, Notice.FINISHED)));
  }

  private Future<Reply> begin(Request request, Parameters parameters, LinkForm.Content content) {
    var login = parameters.find("login").flatMap(ways::identity);
    if (login.isPresent()) {
      return departure.forPerson(request, Purpose.linking(content.upstream()), login.get());
    }
    return visitor(request, content.upstream())
        .filter(known -> known.subject().equals(content.subject()))
        .filter(known -> ways.find(content.upstream()).isPresent())
        .map(known -> links.go(request, Purpose.ACCOUNT, linking(known, content.upstream())))
        .orElseGet(() -> site.notices().page(request, Notice.LINK_EXPIRED));
  }

  private static Linking linking(PersonCookies.Visitor known, String upstream) {
    var person = Arrived.of(known);
    return new Linking(person, List.of(upstream));
  }
}
