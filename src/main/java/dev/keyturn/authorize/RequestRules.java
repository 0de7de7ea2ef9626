package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;
import static dev.keyturn.oauth.ErrorCode.LOGIN_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.REQUEST_NOT_SUPPORTED;
import static dev.keyturn.oauth.ErrorCode.REQUEST_URI_NOT_SUPPORTED;
import static dev.keyturn.oauth.ErrorCode.UNAUTHORIZED_CLIENT;
import static dev.keyturn.oauth.ErrorCode.UNSUPPORTED_RESPONSE_TYPE;

import dev.keyturn.client.Client;
import dev.keyturn.http.Parameters;
import dev.keyturn.oauth.PkceChallenge;
import dev.keyturn.oauth.Scopes;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an authorization request must satisfy once it is known where a refusal may go.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-oauth-v2-1-13#section-4.1.1">OAuth
 *     2.1, section 4.1.1</a>
 */
final class RequestRules {
  private static final int MAX_LENGTH = 2048;
  private static final String NONE = "none";
  private static final Set<String> PROMPTS_UPSTREAM = Set.of("login", "select_account");

  private final Offer offer;
  private final boolean upstreamKnowsPrompt;
  private final Clock clock;

  /**
   * @param upstreamKnowsPrompt whether the identity provider speaks OpenID Connect
   */
  RequestRules(Offer offer, boolean upstreamKnowsPrompt, Clock clock) {
    this.offer = offer;
    this.upstreamKnowsPrompt = upstreamKnowsPrompt;
    this.clock = clock;
  }

  /** The request, or a refusal that the client may be told. */
  AuthorizationRequest check(Client client, ReturnAddress returnTo, Parameters parameters) {
    parameters.requireSingle();
    refuseUnsupported(parameters);
    if (!client.may(Client.AUTHORIZATION_CODE)) {
      throw UNAUTHORIZED_CLIENT.because("this client may not use the authorization code grant");
    }
    var challenge = challenge(client, parameters);
    var resources = offer.resources(client, parameters.all("resource"));
    var scopes = offer.scopes(client, parameters.find("scope"), resources);
    var nonce = bounded(parameters, "nonce");
    if (challenge.isEmpty()) {
      requireNonce(parameters, scopes);
    }
    bounded(parameters, "state");
    var request =
        new AuthorizationRequest(
            returnTo, scopes, resources, challenge, nonce, forwarded(parameters), clock.instant());
    return prompts(parameters).contains("consent") ? request.askingAnew() : request;
  }

  private static void refuseUnsupported(Parameters parameters) {
    if (parameters.find("request").isPresent()) {
      throw REQUEST_NOT_SUPPORTED.because("request objects are not supported");
    }
    if (parameters.find("request_uri").isPresent()) {
      throw REQUEST_URI_NOT_SUPPORTED.because("request_uri is not supported");
    }
    if (!parameters.required("response_type").equals("code")) {
      throw UNSUPPORTED_RESPONSE_TYPE.because("response_type must be code");
    }
    if (!parameters.find("response_mode").orElse("query").equals("query")) {
      throw INVALID_REQUEST.because("response_mode must be query");
    }
  }

  private static Optional<PkceChallenge> challenge(Client client, Parameters parameters) {
    var challenge = parameters.find("code_challenge");
    var method = parameters.find("code_challenge_method");
    if (challenge.isEmpty() && (client.authentication().requiresPkce() || method.isPresent())) {
      throw INVALID_REQUEST.because("code_challenge is missing: PKCE is required");
    }
    if (challenge.isPresent() && !method.equals(Optional.of(PkceChallenge.METHOD))) {
      throw INVALID_REQUEST.because("code_challenge_method must be S256");
    }
    return challenge.map(PkceChallenge::new);
  }

  /** Without a challenge it is the ID token that tells the client a stolen code from its own. */
  private static void requireNonce(Parameters parameters, Scopes granted) {
    if (parameters.find("nonce").isEmpty()
        || parameters.find("scope").isEmpty()
        || !granted.contains(Scopes.OPENID)) {
      throw INVALID_REQUEST.because(
          "without a code_challenge, nonce and the scope openid are required");
    }
  }

  private Map<String, String> forwarded(Parameters parameters) {
    var forwarded = new HashMap<String, String>();
    bounded(parameters, "login_hint").ifPresent(value -> forwarded.put("login_hint", value));
    bounded(parameters, "ui_locales").ifPresent(value -> forwarded.put("ui_locales", value));
    maxAge(parameters).ifPresent(value -> forwarded.put("max_age", value));
    var prompt = prompt(parameters);
    if (!prompt.isEmpty()) {
      forwarded.put("prompt", String.join(" ", prompt));
    }
    return forwarded;
  }

  /** What the provider is to do; whether the person is asked for consent is our own business. */
  private List<String> prompt(Parameters parameters) {
    var prompts = prompts(parameters);
    if (!prompts.contains(NONE)) {
      return prompts.stream().filter(PROMPTS_UPSTREAM::contains).distinct().toList();
    }
    if (prompts.size() > 1) {
      throw INVALID_REQUEST.because("prompt none stands alone");
    }
    if (!upstreamKnowsPrompt) {
      throw LOGIN_REQUIRED.because("the person must log in");
    }
    return prompts;
  }

  private static List<String> prompts(Parameters parameters) {
    return List.of(bounded(parameters, "prompt").orElse("").trim().split(" +"));
  }

  private Optional<String> maxAge(Parameters parameters) {
    var maxAge = parameters.find("max_age");
    if (maxAge.isPresent() && !maxAge.get().matches("[0-9]{1,9}")) {
      throw INVALID_REQUEST.because("max_age must be a number of seconds");
    }
    if (maxAge.isPresent() && !upstreamKnowsPrompt) {
      throw LOGIN_REQUIRED.because("the provider does not say when somebody logged in");
    }
    return maxAge;
  }

  private static Optional<String> bounded(Parameters parameters, String name) {
    var value = parameters.find(name);
    if (value.isPresent() && value.get().length() > MAX_LENGTH) {
      throw INVALID_REQUEST.because(name + " is longer than " + MAX_LENGTH + " characters");
    }
    return value;
  }
}
