package dev.keyturn.idp;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The provider's metadata document.
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata">OpenID
 *     Connect Discovery, section 3</a>
 */
record Discovery(String issuer) {
  JsonObject document() {
    return new JsonObject()
        .put("issuer", issuer)
        .put("authorization_endpoint", issuer + "/authorize")
        .put("token_endpoint", issuer + "/token")
        .put("userinfo_endpoint", issuer + "/userinfo")
        .put("revocation_endpoint", issuer + "/revoke")
        .put("jwks_uri", issuer + "/jwks")
        .put("scopes_supported", list("openid", "profile", "email", "offline_access"))
        .put("response_types_supported", list("code"))
        .put("response_modes_supported", list("query", "form_post"))
        .put("grant_types_supported", list("authorization_code", "refresh_token"))
        .put("subject_types_supported", list("public"))
        .put("id_token_signing_alg_values_supported", list("ES256"))
        .put(
            "token_endpoint_auth_methods_supported",
            list("client_secret_basic", "client_secret_post"))
        .put("code_challenge_methods_supported", list("S256"))
        .put("claims_supported", claims())
        .put("request_parameter_supported", false)
        .put("request_uri_parameter_supported", false)
        .put("authorization_response_iss_parameter_supported", true);
  }

  private static JsonArray claims() {
    return list(
        "iss",
        "sub",
        "aud",
        "iat",
        "exp",
        "nonce",
        "auth_time",
        "name",
        "preferred_username",
        "email",
        "email_verified");
  }

  private static JsonArray list(String... values) {
    return new JsonArray(List.of(values));
  }
}
