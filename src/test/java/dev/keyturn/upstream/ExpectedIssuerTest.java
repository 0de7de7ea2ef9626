package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.keys.SigningAlgorithm;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExpectedIssuerTest {
  private static final String TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
  private static final String OTHER = "9188040d-6c67-4c5b-b112-36a304b66dad";
  private static final ExpectedIssuer GOOGLE = new ExpectedIssuer("https://accounts.google.com");
  private static final ExpectedIssuer SHARED = entra("common");
  private static final ExpectedIssuer OWN = entra(TENANT);

  @ParameterizedTest
  @ValueSource(strings = {"https://accounts.google.com", "accounts.google.com"})
  void both_issuers_of_google_are_one(String issuer) {
    assertThat(GOOGLE.of(issuer, Optional.empty())).contains("https://accounts.google.com");
  }

  @Test
  void the_old_issuer_of_google_is_nobody_elses() {
    assertThat(new ExpectedIssuer("https://a.example").of("accounts.google.com", Optional.empty()))
        .isEmpty();
  }

  @Test
  void a_signed_proof_is_for_the_issuer() {
    assertThat(GOOGLE.proofs())
        .isEqualTo(new ProofRules("https://accounts.google.com", SigningAlgorithm.RS256));
  }

  @Test
  void a_signed_proof_for_entra_is_for_its_token_endpoint() {
    assertThat(OWN.proofs())
        .isEqualTo(
            new ProofRules(
                "https://login.microsoftonline.com/" + TENANT + "/oauth2/v2.0/token",
                SigningAlgorithm.PS256));
  }

  @Test
  void a_shared_endpoint_of_entra_publishes_a_template() {
    assertThat(SHARED.mayPublish("https://login.microsoftonline.com/{tenantid}/v2.0")).isTrue();
  }

  @Test
  void an_endpoint_of_one_tenant_publishes_no_template() {
    assertThat(OWN.mayPublish("https://login.microsoftonline.com/{tenantid}/v2.0")).isFalse();
  }

  @Test
  void a_tenant_names_its_people() {
    assertThat(SHARED.of(entra(TENANT).value(), Optional.of(TENANT)))
        .contains(entra(TENANT).value());
  }

  @Test
  void the_tenant_of_the_claim_and_of_the_issuer_are_one() {
    assertThat(SHARED.of(entra(TENANT).value(), Optional.of(OTHER))).isEmpty();
  }

  @Test
  void an_issuer_without_a_tenant_is_refused() {
    assertThat(SHARED.of(entra(TENANT).value(), Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/evil/v2.0",
        "https://login.microsoftonline.com/v2.0",
        "https://evil.example/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
        "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0/"
      })
  void an_issuer_that_is_no_tenant_is_refused(String issuer) {
    assertThat(SHARED.of(issuer, Optional.of(TENANT))).isEmpty();
  }

  @Test
  void another_tenant_is_refused_where_one_is_configured() {
    assertThat(OWN.of(entra(OTHER).value(), Optional.of(OTHER))).isEmpty();
  }

  @Test
  void people_of_entra_are_named_by_oid() {
    assertThat(OWN.subjectClaim() + SHARED.subjectClaim() + GOOGLE.subjectClaim())
        .isEqualTo("oidoidsub");
  }

  @Test
  void an_issuer_that_ends_with_a_slash_has_one_slash_in_its_document() {
    assertThat(new ExpectedIssuer("https://tenant.auth0.com/").document())
        .isEqualTo("https://tenant.auth0.com/.well-known/openid-configuration");
  }

  private static ExpectedIssuer entra(String tenant) {
    return new ExpectedIssuer("https://login.microsoftonline.com/" + tenant + "/v2.0");
  }
}
