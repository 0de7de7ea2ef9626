package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import dev.keyturn.config.Settings;
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
 * @param redirectUri where the browser comes back to
 * @param parameters what each authorization request carries besides
 * @param rotates whether a refresh token is good for one time; empty: not said
 * @param passage the way to the provider
 */
public record Registration(
    String clientId,
    Optional<Secret> secret,
    ClientAuthentication authentication,
    String redirectUri,
    Scopes scopes,
    Map<String, String> parameters,
    Optional<Boolean> rotates,
    Passage passage) {
  private static final String PARAMETERS = "additional_authorization_params";
  private static final String AUTHENTICATION = "token_endpoint_auth_method";
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
    var secret = settings.secret("client_secret").flatMap(secrets::text);
    return new Registration(
        defaults.registers && !settings.has("client_id") ? "" : settings.required("client_id"),
        secret,
        authentication(settings),
        settings.url("redirect_uri").map(URI::toString).orElse(defaults.redirectUri),
        scopes(settings, defaults.scopes),
        parameters(settings),
        defaults.rotates,
        PassageReader.read(settings, secrets, defaults.loopback));
  }

  Reach reach() {
    return passage.reach();
  }

  /**
   * What holds where the settings say nothing.
   *
   * @param loopback whether the provider is on this very machine
   * @param registers whether Keyturn is to register itself, so that it has no name before
   * @param rotates what the entry says besides, as {@link Registration#rotates}
   */
  record Defaults(
      String redirectUri,
      List<String> scopes,
      boolean loopback,
      boolean registers,
      Optional<Boolean> rotates) {}

  private static ClientAuthentication authentication(Settings settings) {
    var secret = settings.has("client_secret_file") || settings.has("client_secret_env_var");
    var usual = secret ? ClientAuthentication.CLIENT_SECRET_POST : ClientAuthentication.NONE;
    if ("private_key_jwt".equals(settings.text(AUTHENTICATION, ""))) {
      settings.refuse(AUTHENTICATION, "private_key_jwt is not supported yet");
      return usual;
    }
    var words =
        Stream.of(ClientAuthentication.values())
            .map(ClientAuthentication::wire)
            .collect(Collectors.toSet());
    var word = settings.word(AUTHENTICATION, usual.wire(), words);
    if (!secret && !word.equals(ClientAuthentication.NONE.wire())) {
      settings.refuse(AUTHENTICATION, "needs client_secret_file or client_secret_env_var");
    }
    return Stream.of(ClientAuthentication.values())
        .filter(method -> method.wire().equals(word))
        .findFirst()
        .orElse(usual);
  }

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
