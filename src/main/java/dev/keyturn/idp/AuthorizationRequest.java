package dev.keyturn.idp;

import java.util.List;
import java.util.Optional;

/** An OpenID authentication request that was found in order, with S256 as its only PKCE method. */
record AuthorizationRequest(
    String clientId, ReturnAddress back, String challenge, String scope, Optional<String> nonce) {

  static AuthorizationRequest of(String clientId, ReturnAddress back, Parameters asked) {
    require(asked, "response_type", "code", "unsupported_response_type");
    require(asked, "code_challenge_method", "S256", "invalid_request");
    refuseWhatIsNotOffered(asked);
    var challenge = asked.required("code_challenge");
    if (!challenge.matches("[A-Za-z0-9_-]{43}")) {
      throw new Refusal("invalid_request", "code_challenge is no SHA-256 digest");
    }
    var scope = asked.required("scope");
    if (!words(scope).contains("openid")) {
      throw new Refusal("invalid_scope", "scope must contain openid");
    }
    return new AuthorizationRequest(clientId, back, challenge, scope, asked.optional("nonce"));
  }

  /** There is no session here to log in silently with. */
  private static void refuseWhatIsNotOffered(Parameters asked) {
    if (asked.optional("request").isPresent()) {
      throw new Refusal("request_not_supported", "request objects are not supported");
    }
    if (asked.optional("request_uri").isPresent()) {
      throw new Refusal("request_uri_not_supported", "request_uri is not supported");
    }
    if (!List.of("query", "form_post").contains(asked.optional("response_mode").orElse("query"))) {
      throw new Refusal("invalid_request", "response_mode must be query or form_post");
    }
    if (asked
        .optional("prompt")
        .map(AuthorizationRequest::words)
        .orElse(List.of())
        .contains("none")) {
      throw new Refusal("login_required", "this provider asks for the password each time");
    }
  }

  private static void require(Parameters asked, String name, String only, String otherwise) {
    if (!asked.required(name).equals(only)) {
      throw new Refusal(otherwise, name + " must be " + only);
    }
  }

  private static List<String> words(String list) {
    return List.of(list.split(" "));
  }
}
