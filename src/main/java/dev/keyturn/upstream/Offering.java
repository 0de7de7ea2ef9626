package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.oauth.Loopback;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.oauth.Uris;
import io.vertx.core.Future;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds out how clients register at a provider, whenever one is about to. */
interface Offering {
  /** Before the name of each document of RFC 8615. */
  String WELL_KNOWN = "/.well-known/";

  Future<RegistrationOffer> now();

  /** That of a provider whose own document tells; while there is none, nobody is asked. */
  static Offering of(Registration wanted, Supplier<Future<ProviderMetadata>> metadata) {
    var endpoint = wanted.self().flatMap(SelfRegistration::endpoint);
    return () -> metadata.get().map(found -> found.offer().orAt(endpoint));
  }

  /** That of another one: where it was written down, or by the document that was. */
  static Offering of(Registration wanted, OutgoingHttp http) {
    return () ->
        wanted
            .self()
            .flatMap(SelfRegistration::discovery)
            .map(url -> asked(url, http, wanted.reach()))
            .orElseGet(
                () ->
                    Future.succeededFuture(
                        RegistrationOffer.at(wanted.self().orElseThrow().place())));
  }

  private static <T> Future<T> away(Throwable cause) {
    return Future.failedFuture(
        cause instanceof UnavailableException
            ? EnrolmentFailure.away(String.valueOf(cause.getMessage()), Optional.empty())
            : cause);
  }

  private static Future<RegistrationOffer> asked(URI url, OutgoingHttp http, Reach reach) {
    return http.get(url, Map.of()).recover(Offering::away).map(answer -> read(url, answer, reach));
  }

  /** What the document that {@code answer} is says. */
  static RegistrationOffer read(URI url, Answer answer, Reach reach) {
    if (answer.status() != 200) {
      throw EnrolmentFailure.away(
          "the document at discovery_url has status " + answer.status(),
          Refusals.retryAfter(answer));
    }
    var document =
        Json.object(answer.body().getBytes())
            .orElseThrow(
                () -> EnrolmentFailure.unusable("the document at discovery_url is no JSON object"));
    if (!mayPublish(url, document.path("issuer").asText())) {
      throw EnrolmentFailure.unusable("the document at discovery_url names another issuer");
    }
    var offer = RegistrationOffer.in(document, reach);
    if (offer.endpoint().filter(endpoint -> isLoopback(endpoint) && !isLoopback(url)).isPresent()) {
      throw EnrolmentFailure.unusable("the document at discovery_url leads to this machine");
    }
    return offer;
  }

  /**
   * Whether the document at {@code url} is that of {@code issuer}.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-3.3">RFC 8414, section 3.3</a>
   */
  static boolean mayPublish(URI url, String issuer) {
    return Uris.parse(issuer)
        .filter(named -> Origin.same(named, url) && named.getRawQuery() == null)
        .filter(named -> isAddress(url.getRawPath(), named.getRawPath()))
        .isPresent();
  }

  private static boolean isAddress(String path, String ofIssuer) {
    var base = ofIssuer.replaceAll("/$", "");
    return !path.contains(WELL_KNOWN)
        || Stream.of("openid-configuration", "oauth-authorization-server")
            .map(WELL_KNOWN::concat)
            .anyMatch(known -> path.equals(known + base) || path.equals(base + known));
  }

  private static boolean isLoopback(URI url) {
    return Loopback.isLoopback(url.getHost().toLowerCase(Locale.ROOT));
  }
}
