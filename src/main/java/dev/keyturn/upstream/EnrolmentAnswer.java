package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.config.Secret;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.http.StrictJson;
import dev.keyturn.oauth.Uris;
import dev.keyturn.upstream.EnrolledClient.Management;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What a provider answers about a client of ours, as far as it can be believed.
 *
 * <p>Whoever answers here decides by which name and secret all logins go on, so what does not fit
 * what was asked for is refused as a whole, and none of its text is passed on.
 *
 * @param asked what we wanted to be registered for
 * @param method how we wanted to prove ourselves
 * @param pkce whether the provider says that a code is good for us alone
 */
record EnrolmentAnswer(
    Registration asked, ClientAuthentication method, boolean pkce, URI endpoint, Instant now) {
  private static final Duration LEAST_LIFE = Duration.ofSeconds(60);
  private static final long LAST_SECOND = Instant.parse("9999-01-01T00:00:00Z").getEpochSecond();
  private static final int MOST_URIS = 100;
  private static final int MOST_OF_A_URI = 2048;
  private static final Predicate<String> NAME =
      Pattern.compile("[\\x21-\\x7E]{1,1024}").asMatchPredicate();
  private static final Predicate<String> SECRET =
      Pattern.compile("[\\x20-\\x7E]{1,4096}").asMatchPredicate();
  private static final Predicate<String> BEARER =
      Pattern.compile("[\\x21-\\x7E]{1,4096}").asMatchPredicate();
  private static final Set<String> WORDS =
      Set.of(
          "invalid_redirect_uri",
          "invalid_client_metadata",
          "invalid_software_statement",
          "unapproved_software_statement",
          "invalid_token",
          "access_denied");

  /** The client that {@code http} tells of, after {@code before} if there was one. */
  EnrolledClient read(Answer http, Optional<EnrolledClient> before) {
    requireSuccess(http);
    var said = StrictJson.object(http.body()).orElseThrow(() -> lie("is no JSON object"));
    var id = text(said, "client_id").filter(NAME).orElseThrow(() -> lie("has no client_id"));
    require(before.map(old -> old.id().equals(id)).orElse(true), "is about another client_id");
    require(names(said, "redirect_uris", asked.redirectUri()), "leaves out our redirect_uri");
    requireOrAbsent(said, "grant_types", "authorization_code");
    requireOrAbsent(said, "response_types", "code");
    var credentials = credentials(id, said, before);
    return new EnrolledClient(
        credentials,
        asked.purpose(),
        now,
        credentials.secret().flatMap(secret -> end(said, before)),
        management(said).or(() -> before.flatMap(EnrolledClient::management)));
  }

  /** Fails unless the status is one of success. */
  static void requireSuccess(Answer http) {
    if (http.status() == 200 || http.status() == 201) {
      return;
    }
    if (http.status() == 429 || http.status() >= 500) {
      throw EnrolmentFailure.away(
          "it answered " + http.status() + " when we registered", Refusals.retryAfter(http));
    }
    var word =
        StrictJson.object(http.body())
            .flatMap(said -> text(said, "error"))
            .filter(WORDS::contains)
            .orElse("status " + http.status());
    throw EnrolmentFailure.refused(word);
  }

  private Credentials credentials(String id, JsonNode said, Optional<EnrolledClient> before) {
    var told =
        text(said, ClientAuthentication.FIELD)
            .map(
                word ->
                    ClientAuthentication.of(word)
                        .filter(RegistrationOffer.PREFERENCE::contains)
                        .orElseThrow(() -> lie("has a method that we do not know")))
            .orElse(method);
    if (told == ClientAuthentication.NONE) {
      require(method == ClientAuthentication.NONE || pkce, "has no secret, and codes need one");
      return new Credentials(id, Optional.empty(), told);
    }
    var secret =
        said.has("client_secret")
            ? text(said, "client_secret").filter(SECRET).map(Secret::new)
            : before.flatMap(old -> old.credentials().secret());
    require(secret.isPresent(), "has no usable client_secret");
    return new Credentials(id, secret, told);
  }

  private Optional<Instant> end(JsonNode said, Optional<EnrolledClient> before) {
    var value = said.path("client_secret_expires_at");
    if (value.isMissingNode()) {
      return said.has("client_secret") ? Optional.empty() : before.flatMap(EnrolledClient::end);
    }
    require(value.isIntegralNumber() && value.canConvertToLong(), "has no usable end");
    if (value.longValue() == 0 || value.longValue() > LAST_SECOND) {
      return Optional.empty();
    }
    require(
        value.longValue() > now.plus(LEAST_LIFE).getEpochSecond(), "has a secret that has ended");
    return Optional.of(Instant.ofEpochSecond(value.longValue()));
  }

  /** Only with the provider itself: what is shown there opens the client's record. */
  private Optional<Management> management(JsonNode said) {
    return text(said, "registration_access_token")
        .filter(BEARER)
        .flatMap(
            token ->
                text(said, "registration_client_uri")
                    .flatMap(EnrolmentAnswer::uri)
                    .filter(uri -> Origin.same(uri, endpoint))
                    .map(uri -> new Management(uri, new Secret(token))));
  }

  private static Optional<URI> uri(String text) {
    return Optional.of(text)
        .filter(given -> given.length() <= MOST_OF_A_URI)
        .flatMap(Uris::parse)
        .filter(uri -> uri.getRawFragment() == null);
  }

  private static void requireOrAbsent(JsonNode said, String field, String word) {
    require(!said.has(field) || names(said, field, word), "leaves out " + word);
  }

  private static boolean names(JsonNode said, String field, String word) {
    var list = said.path(field);
    return list.isArray()
        && StreamSupport.stream(list.spliterator(), false)
            .limit(MOST_URIS)
            .anyMatch(one -> word.equals(one.textValue()));
  }

  private static Optional<String> text(JsonNode said, String field) {
    return Optional.ofNullable(said.path(field).textValue());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw lie(otherwise);
    }
  }

  private static EnrolmentFailure lie(String what) {
    return EnrolmentFailure.unusable("its answer to our registration " + what);
  }
}
