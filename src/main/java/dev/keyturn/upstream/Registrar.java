package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.EnrolledClient.Management;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Requests to a provider's registration endpoint, and to the record that it keeps of one client.
 *
 * @param wanted what we want to be registered for
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-3.1">RFC 7591, section 3.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-2">RFC 7592, section 2</a>
 */
record Registrar(OutgoingHttp http, Registration wanted, SelfRegistration self, Clock clock) {
  private static final List<Integer> UNKNOWN = List.of(401, 404, 410);

  /** Becomes a client. */
  Future<EnrolledClient> register(RegistrationOffer offer) {
    var method = offer.method(self.authentication());
    return http.post(offer.where(), headers(self.initialAccessToken()), metadata(method).toBuffer())
        .recover(Registrar::unreachable)
        .map(answer -> answer(offer, method).read(answer, Optional.empty()));
  }

  /** Has the record of {@code client} renewed, which may bring another secret or another end. */
  Future<EnrolledClient> update(EnrolledClient client, Management at, RegistrationOffer offer) {
    var method = client.credentials().authentication();
    return http.put(
            at.uri(),
            headers(Optional.of(at.token())),
            metadata(method).put("client_id", client.id()).toBuffer())
        .recover(Registrar::unreachable)
        .map(answer -> answer(offer, method).read(answer, Optional.of(client)));
  }

  /** The client as the provider knows it; empty if it says that there is none. */
  Future<Optional<EnrolledClient>> read(
      EnrolledClient client, Management at, RegistrationOffer offer) {
    return http.get(at.uri(), headers(Optional.of(at.token())))
        .recover(Registrar::unreachable)
        .map(
            answer ->
                UNKNOWN.contains(answer.status())
                    ? Optional.empty()
                    : Optional.of(
                        answer(offer, client.credentials().authentication())
                            .read(answer, Optional.of(client))));
  }

  private EnrolmentAnswer answer(RegistrationOffer offer, ClientAuthentication method) {
    return new EnrolmentAnswer(wanted, method, offer.pkce(), offer.where(), clock.instant());
  }

  private JsonObject metadata(ClientAuthentication method) {
    var isWeb = URI.create(wanted.redirectUri()).getScheme().equals("https");
    var metadata =
        new JsonObject()
            .put("client_name", self.software().name())
            .put("redirect_uris", new JsonArray().add(wanted.redirectUri()))
            .put("grant_types", new JsonArray().add("authorization_code").add("refresh_token"))
            .put("response_types", new JsonArray().add("code"))
            .put("application_type", isWeb ? "web" : "native")
            .put(ClientAuthentication.FIELD, method.wire());
    if (!wanted.scopes().isEmpty()) {
      metadata.put("scope", wanted.scopes().wire());
    }
    self.software().id().ifPresent(id -> metadata.put("software_id", id));
    self.software().statement().ifPresent(jwt -> metadata.put("software_statement", jwt));
    return metadata;
  }

  private static Map<String, String> headers(Optional<Secret> bearer) {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    bearer.ifPresent(token -> headers.put("Authorization", "Bearer " + token.value()));
    return headers;
  }

  private static Future<Answer> unreachable(Throwable cause) {
    return Future.failedFuture(
        cause instanceof UnavailableException
            ? EnrolmentFailure.away(String.valueOf(cause.getMessage()), Optional.empty())
            : cause);
  }
}
