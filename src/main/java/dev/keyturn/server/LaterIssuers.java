package dev.keyturn.server;

import dev.keyturn.config.Settings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The trusted issuers of delegated tokens, which are known and not built yet. */
final class LaterIssuers {
  private static final Set<String> REGISTERED =
      Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope");

  private LaterIssuers() {}

  static void refuse(Settings settings) {
    var seen = new HashSet<String>();
    for (var issuer : settings.children("trusted_issuers")) {
      var url = issuer.requiredUrl("issuer_url");
      if (!seen.add(url.toString())) {
        issuer.refuse("issuer_url", "is given twice");
      }
      var plain = issuer.flag("insecure_allow_http", false);
      if (!url.getScheme().equals("https") && !plain) {
        issuer.refuse("issuer_url", "must be https, or have insecure_allow_http: true");
      }
      delegation(issuer);
      bearerGrant(issuer.child("jwt_bearer_grant"), issuer.has("jwt_bearer_grant"));
    }
    LaterSettings.refuseIf(
        !settings.children("trusted_issuers").isEmpty(), settings, "trusted_issuers");
  }

  private static void delegation(Settings issuer) {
    issuer.text("expected_audience");
    var keys = issuer.url("jwks_url");
    if (issuer.flag("allow_private_ips", false) && keys.isEmpty()) {
      issuer.refuse("allow_private_ips", "needs jwks_url");
    }
    if (REGISTERED.contains(issuer.text("actor_claim", "azp"))) {
      issuer.refuse("actor_claim", "must not be a registered claim");
    }
    issuer.texts("allowed_actors");
    issuer.text("actor_matcher");
    var clients = issuer.texts("allowed_delegate_clients");
    if (clients.contains("*") && clients.size() > 1) {
      issuer.refuse("allowed_delegate_clients", "must name * alone or clients, not both");
    }
    var mayAct = issuer.flag("allow_may_act", false);
    if (clients.contains("*") && mayAct) {
      issuer.refuse("allow_may_act", "must not be given together with the client *");
    }
  }

  private static void bearerGrant(Settings grant, boolean used) {
    grant.duration(
        "max_assertion_age", Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofDays(1));
    grant.texts("accepted_audiences");
    var bindings = grant.children("subject_bindings");
    var subjects = new HashSet<String>();
    for (var binding : bindings) {
      var subject = binding.required("subject");
      if (subject.contains("*")) {
        binding.refuse("subject", "must be one subject: there are no wildcards");
      }
      if (!subject.isEmpty() && !subjects.add(subject)) {
        binding.refuse("subject", "is given twice");
      }
      LaterSettings.requireTexts(binding, "allowed_resources");
    }
    if (used && bindings.isEmpty()) {
      grant.refuse("subject_bindings", "is missing: name at least one");
    }
  }
}
