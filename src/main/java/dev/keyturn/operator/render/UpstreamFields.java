package dev.keyturn.operator.render;

import dev.keyturn.operator.render.Shape.Kind;

/** The part of the table for {@code upstreamProviders}. */
final class UpstreamFields {
  private static final Shape USER_INFO =
      Shape.of(
          rows ->
              rows.copy("endpointUrl", "endpoint_url")
                  .copy("httpMethod", "http_method")
                  .copy("additionalHeaders", "additional_headers")
                  .part(
                      "fieldMapping",
                      "field_mapping",
                      Shape.of(
                          mapping ->
                              mapping
                                  .copy("subjectFields", "subject_fields")
                                  .copy("nameFields", "name_fields")
                                  .copy("emailFields", "email_fields"))));

  private static final Shape ALLOW =
      Shape.of(
          rows ->
              rows.plain("anyone", "", Kind.INFERRED)
                  .copy("tenants", "tenants")
                  .copy("hostedDomains", "hosted_domains")
                  .copy("subjects", "subjects")
                  .copy("groups", "groups")
                  .copy("emails", "emails")
                  .copy("cel", "cel"));

  private static final Shape PROXY =
      Shape.of(
          rows ->
              rows.copy("url", "url")
                  .copy("username", "username")
                  .file("passwordSecretRef", "password_file"));

  private static final Shape OIDC =
      Shape.of(
          rows ->
              client(rows)
                  .copy("issuerUrl", "issuer_url")
                  .copy("subjectClaim", "subject_claim")
                  .copy("nonce", "nonce")
                  .part("userInfoOverride", "userinfo_override", USER_INFO));

  private static final Shape DCR =
      Shape.of(
          rows ->
              rows.copy("discoveryUrl", "discovery_url")
                  .copy("registrationEndpoint", "registration_endpoint")
                  .file("initialAccessTokenRef", "initial_access_token_file")
                  .copy("softwareId", "software_id")
                  .copy("softwareStatement", "software_statement"));

  private static final Shape OAUTH2 =
      Shape.of(
          rows ->
              client(rows)
                  .copy("authorizationEndpoint", "authorization_endpoint")
                  .copy("tokenEndpoint", "token_endpoint")
                  .part("dcrConfig", "dcr_config", DCR)
                  .part("userInfo", "userinfo", USER_INFO)
                  .part(
                      "tokenResponseMapping",
                      "token_response_mapping",
                      Shape.of(
                          mapping ->
                              mapping
                                  .copy("accessTokenPath", "access_token_path")
                                  .copy("refreshTokenPath", "refresh_token_path")
                                  .copy("expiresInPath", "expires_in_path")
                                  .copy("scopePath", "scope_path")))
                  .part(
                      "identityFromToken",
                      "identity_from_token",
                      Shape.of(
                          identity ->
                              identity
                                  .copy("subjectPath", "subject_path")
                                  .copy("namePath", "name_path")
                                  .copy("emailPath", "email_path"))));

  /** An entry of the list. */
  static final Shape UPSTREAM =
      Shape.of(
          rows ->
              rows.copy("name", "name")
                  .copy("type", "type")
                  .copy("identity", "identity")
                  .copy("login", "login")
                  .copy("askIf", "ask_if")
                  .copy("rotates", "rotates")
                  .nested("allow", "allow", Kind.ALLOW, ALLOW)
                  .part("oidcConfig", "oidc_config", OIDC)
                  .part("oauth2Config", "oauth2_config", OAUTH2));

  private UpstreamFields() {}

  /** What Keyturn is to a provider, of whatever type that is. */
  private static Shape.Builder client(Shape.Builder rows) {
    return rows.copy("clientId", "client_id")
        .file("clientSecretRef", "client_secret_file")
        .file("clientKeySecretRef", "client_key_file")
        .copy("clientAssertionAudience", "client_assertion_audience")
        .copy("tokenEndpointAuthMethod", "token_endpoint_auth_method")
        .copy("redirectUri", "redirect_uri")
        .copy("scopes", "scopes")
        .copy("additionalAuthorizationParams", "additional_authorization_params")
        .copy("insecureAllowHTTP", "insecure_allow_http")
        .copy("allowPrivateIPs", "allow_private_ips")
        .copy("connectTimeout", "connect_timeout")
        .copy("answerTimeout", "answer_timeout")
        .copy("maxAnswerBytes", "max_answer_bytes")
        .part("egressProxy", "egress_proxy", PROXY)
        .plain("caBundleRef", "ca_bundle_file", Kind.CERTIFICATES);
  }
}
