package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import dev.keyturn.config.Settings;
import dev.keyturn.crypto.Digest;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.http.Passage;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.secrets.SecretReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who Keyturn is to an identity provider, and how it gets there.
 *
 * @param client which client; of one that registers itself nothing is known before it has
 * @param self how it registers itself, if it does
 * @param redirectUri where the browser comes back to
 * @param parameters what each authorization request carries besides
 * @param rotates whether a refresh token is good for one time; empty: not said
 * @param passage the way to the provider
 */
public record Registration(
    Credentials client,
    Optional<SelfRegistration> self,
    String redirectUri,
    Scopes scopes,
    Map<String, String> parameters,
    Optional<Boolean> rotates,
    Passage passage) {
  private static final String PARAMETERS = "additional_authorization_params";
  private static final Set<String> RESERVED =
      Set.of(
          "response_type",
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "code_challenge",
          "code_challenge_method",
          "nonce");

  public Registration {
    parameters = Map.copyOf(parameters);
  }

  static Registration from(Settings settings, SecretReader secrets, Defaults defaults) {
    var passage = PassageReader.read(settings, secrets, defaults.loopback);
    var scopes = scopes(settings, defaults.scopes);
    var registers = settings.has(SelfRegistrationReader.FIELD);
    return new Registration(
        registers
            ? Credentials.NOBODY
            : new ClientReader(settings, secrets, defaults.proofs).read(),
        registers
            ? new SelfRegistrationReader(settings, secrets, passage.reach()).read(defaults.place)
            : Optional.empty(),
        settings.url("redirect_uri").map(URI::toString).orElse(defaults.redirectUri),
        scopes,
        parameters(settings),
        defaults.rotates,
        passage);
  }

  /** The name of the client; empty if it is not known yet. */
  public String clientId() {
    return client.clientId();
  }

  public Optional<Secret> secret() {
    return client.secret();
  }

  ClientAuthentication authentication() {
    return client.authentication();
  }

  Reach reach() {
    return passage.reach();
  }

  /** The same as another client. */
  Registration as(Credentials other) {
    return new Registration(other, self, redirectUri, scopes, parameters, rotates, passage);
  }

  /**
   * Names what a client is registered for, so that none that was registered for something else is
   * taken for it. The software statement is no part of it, since it is renewed without meaning.
   */
  String purpose() {
    var parts =
        Stream.of(
            redirectUri,
            scopes.names().stream().sorted().collect(Collectors.joining(" ")),
            self.map(SelfRegistration::purpose).orElse(""));
    return Digest.of(
        parts.map(part -> part.length() + " " + part).collect(Collectors.joining("\n")));
  }

  /** Whether both become a client in the same way and for the same, be it by a name or by none. */
  boolean isEnrolledLike(Registration other) {
    var place = self.map(SelfRegistration::place);
    return place.equals(other.self.map(SelfRegistration::place))
        && (self.isEmpty() || purpose().equals(other.purpose()));
  }

  /**
   * What holds where the settings say nothing.
   *
   * @param loopback whether the provider is on this very machine
   * @param place where the provider says how to register with it, if it does by itself
   * @param rotates what the entry says besides, as {@link Registration#rotates}
   * @param proofs what the provider expects of signed proofs
   */
  record Defaults(
      String redirectUri,
      List<String> scopes,
      boolean loopback,
      Optional<URI> place,
      Optional<Boolean> rotates,
      ProofRules proofs) {}

  private static Scopes scopes(Settings settings, List<String> otherwise) {
    var names = settings.texts("scopes");
    if (names.size() > 100 || !names.stream().allMatch(Scopes::isToken)) {
      settings.refuse("scopes", "must be at most 100 scopes without blanks");
      return Scopes.NONE;
    }
    return Scopes.of(settings.has("scopes") ? names : otherwise);
  }

  private static Map<String, String> parameters(Settings settings) {
    var parameters = settings.map(PARAMETERS);
    parameters.keySet().stream()
        .filter(RESERVED::contains)
        .forEach(name -> settings.refuse(PARAMETERS + "." + name, "is set by Keyturn itself"));
    return parameters;
  }
}
