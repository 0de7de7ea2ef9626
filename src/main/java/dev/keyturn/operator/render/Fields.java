package dev.keyturn.operator.render;

import dev.keyturn.operator.render.Shape.Kind;

/**
 * The table of {@code embeddedAuthServer}: each of its fields, and the setting that it becomes.
 *
 * <p>It is the only one. What is not in it cannot be rendered, and a test misses it.
 */
final class Fields {
  private static final Shape REDIS_TLS =
      Shape.of(
          rows ->
              rows.copy("insecureSkipVerify", "insecure_skip_verify")
                  .file("caCertSecretRef", "ca_cert_file"));

  private static final Shape REDIS =
      Shape.of(
          rows ->
              rows.copy("addr", "addr")
                  .copy("clusterMode", "cluster_mode")
                  .part(
                      "sentinelConfig",
                      "sentinel_config",
                      Shape.of(
                          sentinel ->
                              sentinel
                                  .copy("masterName", "master_name")
                                  .copy("sentinelAddrs", "sentinel_addrs")
                                  .plain("sentinelService", "", Kind.INFERRED)
                                  .copy("db", "db")))
                  .part(
                      "aclUserConfig",
                      "acl_user_config",
                      Shape.of(
                          user ->
                              user.file("usernameSecretRef", "username_file")
                                  .file("passwordSecretRef", "password_file")))
                  .copy("dialTimeout", "dial_timeout")
                  .copy("readTimeout", "read_timeout")
                  .copy("writeTimeout", "write_timeout")
                  .part("tls", "tls", REDIS_TLS)
                  .part("sentinelTls", "sentinel_tls", REDIS_TLS));

  private static final Shape STORAGE =
      Shape.of(
          rows ->
              rows.copy("type", "type")
                  .plain("file", "file_config", Kind.OUTSIDE)
                  .part("redis", "redis_config", REDIS));

  private static final Shape CLIENT =
      Shape.of(
          rows ->
              rows.copy("clientId", "client_id")
                  .copy("clientName", "client_name")
                  .copy("redirectUris", "redirect_uris")
                  .copy("grantTypes", "grant_types")
                  .copy("scopes", "scopes")
                  .copy("audiences", "audiences")
                  .copy("tokenEndpointAuthMethod", "token_endpoint_auth_method")
                  .file("clientSecretRef", "client_secret_file")
                  .copy("pkce", "pkce"));

  private static final Shape DELEGATE =
      Shape.of(
          rows ->
              rows.copy("clientId", "client_id")
                  .file("clientSecretRef", "client_secret_file")
                  .copy("scopes", "scopes")
                  .copy("audiences", "audiences"));

  private static final Shape REGISTRATION =
      Shape.of(
          rows ->
              rows.copy("enabled", "enabled")
                  .file("initialAccessTokenRef", "initial_access_token_file")
                  .copy("unusedTtl", "unused_ttl")
                  .copy("maxClients", "max_clients")
                  .copy("scopes", "scopes")
                  .copy("schemes", "schemes"));

  private static final Shape BEARER_GRANT =
      Shape.of(
          rows ->
              rows.copy("maxAssertionAge", "max_assertion_age")
                  .parts(
                      "subjectBindings",
                      "subject_bindings",
                      Shape.of(
                          binding ->
                              binding
                                  .copy("subject", "subject")
                                  .copy("allowedResources", "allowed_resources")))
                  .copy("acceptedAudiences", "accepted_audiences"));

  private static final Shape TRUSTED_ISSUER =
      Shape.of(
          rows ->
              rows.copy("issuerUrl", "issuer_url")
                  .copy("expectedAudience", "expected_audience")
                  .copy("jwksUrl", "jwks_url")
                  .copy("insecureAllowHTTP", "insecure_allow_http")
                  .copy("allowPrivateIPs", "allow_private_ips")
                  .later("caBundleRef")
                  .copy("actorClaim", "actor_claim")
                  .copy("allowedActors", "allowed_actors")
                  .copy("actorMatcher", "actor_matcher")
                  .copy("allowedDelegateClients", "allowed_delegate_clients")
                  .copy("allowMayAct", "allow_may_act")
                  .part("jwtBearerGrant", "jwt_bearer_grant", BEARER_GRANT));

  /** All of {@code spec.embeddedAuthServer}. */
  static final Shape EMBEDDED = Shape.of(Fields::embedded);

  private Fields() {}

  private static void embedded(Shape.Builder rows) {
    rows.plain("issuer", "issuer", Kind.INFERRED)
        .copy("authorizationEndpointBaseUrl", "authorization_endpoint_base_url")
        .copy("insecureAllowHTTP", "insecure_allow_http")
        .plain("signingKeySecretRefs", "signing_key_config", Kind.KEYS)
        .copy("revokedKeys", "signing_key_config.revoked_keys")
        .files("hmacSecretRefs", "hmac_secret_files")
        .files("vaultKeySecretRefs", "vault.key_files")
        .part("tokenLifespans", "token_lifespans", lifespans())
        .copy("delegationTokenLifespan", "delegation_token_lifespan")
        .part("refresh", "refresh", refresh())
        .parts("upstreamProviders", "upstreams", UpstreamFields.UPSTREAM)
        .later("primaryUpstreamProvider")
        .part("storage", "storage", STORAGE)
        .copy("disableUpstreamTokenInjection", "disable_upstream_token_injection")
        .plain("scopesSupported", "scopes_supported", Kind.INFERRED)
        .copy("baselineClientScopes", "baseline_client_scopes")
        .part("consent", "consent", consent())
        .part("registration", "registration", REGISTRATION)
        .parts("clients", "clients", CLIENT)
        .part("cimd", "cimd", cimd());
    confidential(rows)
        .parts("delegateClients", "delegate_clients", DELEGATE)
        .parts("trustedIssuers", "trusted_issuers", TRUSTED_ISSUER);
  }

  private static Shape.Builder confidential(Shape.Builder rows) {
    return rows.copy(
            "allowConfidentialClientRegistration", "allow_confidential_client_registration")
        .copy(
            "insecureAllowConfidentialOverLoopbackHTTP",
            "insecure_allow_confidential_over_loopback_http")
        .copy("forceConfidentialRedirectUris", "force_confidential_redirect_uris");
  }

  private static Shape lifespans() {
    return Shape.of(
        rows ->
            rows.copy("accessTokenLifespan", "access_token_lifespan")
                .copy("refreshTokenLifespan", "refresh_token_lifespan")
                .copy("authCodeLifespan", "auth_code_lifespan"));
  }

  private static Shape refresh() {
    return Shape.of(
        rows ->
            rows.copy("grace", "grace")
                .copy("replay", "replay")
                .copy("replayWindow", "replay_window")
                .copy("absoluteLifetime", "absolute_lifetime"));
  }

  private static Shape consent() {
    return Shape.of(rows -> rows.copy("mode", "mode").copy("trustedClients", "trusted_clients"));
  }

  private static Shape cimd() {
    return Shape.of(
        rows ->
            rows.copy("enabled", "enabled")
                .copy("cacheMaxSize", "cache_max_size")
                .copy("cacheFallbackTtl", "cache_fallback_ttl"));
  }
}
