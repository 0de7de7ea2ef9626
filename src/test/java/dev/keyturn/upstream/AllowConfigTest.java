package dev.keyturn.upstream;

import static dev.keyturn.upstream.GivenUpstream.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AllowConfigTest {
  private final Findings findings = new Findings();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|allow names nobody",
        "|allow names nobody",
        "''|allow names nobody",
        "[]|allow names nobody",
        "everyone|allow must be one of anyone",
        "7|allow must be a mapping",
        "[anyone]|allow must be a mapping",
        "{tenant: [x]}|allow.tenant is unknown: did you mean tenants?",
        "{tenant: [x]}|allow names nobody",
        "{tenants: [contoso.example]}|allow.tenants[0] must be the id of an Entra tenant, which is a GUID",
        "{hosted_domains: [a@b.example]}|allow.hosted_domains[0] must be a domain such as example.com",
        "{emails: [corp.example]}|allow.emails[0] must be an address, or @ and a domain such as @example.com",
        "{emails: ['a@b@c']}|allow.emails[0] must be an address",
        "{groups: staff}|allow.groups must be a list",
        "{groups: [1]}|allow.groups[0] must be text",
        "{groups: [], subjects: [a]}|allow.groups must have an entry, or be left out",
        "{groups: , subjects: [a]}|allow.groups must have an entry, or be left out",
        "{cel: , subjects: [a]}|allow.cel must be an expression, or be left out",
        "{cel: ' ', subjects: [a]}|allow.cel must be an expression, or be left out"
      })
  void a_rule_is_refused(String rule, String finding) {
    var shown = rule == null ? "" : rule.isEmpty() ? "''" : rule;
    assertThat(errors(oidc("https://a.example", "allow: " + shown)))
        .anyMatch(error -> error.startsWith(finding));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://accounts.google.com",
        "https://gitlab.com",
        "https://appleid.apple.com",
        "https://login.salesforce.com",
        "https://slack.com",
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://login.microsoftonline.com/consumers/v2.0",
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"
      })
  void everybodys_provider_without_a_rule_is_a_warning(String issuer) {
    assertThat(warnings(oidc(issuer, "name: x"))).containsExactly("allow");
  }

  @Test
  void everybodys_token_endpoint_without_a_rule_is_a_warning() {
    assertThat(warnings(github("name: x", ""))).containsExactly("allow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow: anyone", "allow: {subjects: [a]}"})
  void a_rule_silences_the_warning(String allow) {
    assertThat(warnings(oidc("https://accounts.google.com", allow))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.example/common",
        "https://gitlab.example.com",
        "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0"
      })
  void an_organizations_own_provider_needs_no_rule(String issuer) {
    assertThat(warnings(oidc(issuer, "name: x"))).isEmpty();
  }

  @Test
  void a_rule_needs_somebody_to_judge() {
    assertThat(errors(github("allow: {subjects: [a]}", "")))
        .containsExactly(
            "allow cannot be judged: without userinfo or identity_from_token nobody is named");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", userinfo: {endpoint_url: https://api.github.com/user}",
        ", identity_from_token: {subject_path: id}"
      })
  void a_rule_can_judge_whom_the_provider_names(String more) {
    assertThat(errors(github("allow: {subjects: [a]}", more))).isEmpty();
  }

  @Test
  void anyone_needs_nobody_to_be_named() {
    assertThat(errors(github("allow: anyone", ""))).isEmpty();
  }

  private List<String> errors(String entry) {
    var config = read(entry, findings);
    assertThat(config.isEmpty()).isEqualTo(!findings.errors().isEmpty() && !isLate());
    return findings.errors().stream().map(Finding::toString).toList();
  }

  /** A setting that is unknown is found after the record was made. */
  private boolean isLate() {
    return findings.errors().stream().allMatch(error -> error.toString().contains("unknown"));
  }

  private List<String> warnings(String entry) {
    assertThat(read(entry, findings)).isPresent();
    return findings.warnings().stream().map(Finding::setting).toList();
  }

  private static String oidc(String issuer, String entry) {
    return "{type: oidc, %s, oidc_config: {issuer_url: '%s', client_id: c}}"
        .formatted(entry, issuer);
  }

  private static String github(String entry, String more) {
    return ("{type: oauth2, %s, oauth2_config: {client_id: c,"
            + " authorization_endpoint: https://github.com/login/oauth/authorize,"
            + " token_endpoint: https://github.com/login/oauth/access_token%s}}")
        .formatted(entry, more);
  }
}
