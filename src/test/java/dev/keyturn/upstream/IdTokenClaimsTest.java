package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Date;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IdTokenClaimsTest {
  private static final String ENTRA = "https://login.microsoftonline.com/";
  private static final String TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
  private static final Clock CLOCK = Clock.fixed(GivenUpstream.NOW, ZoneOffset.UTC);
  private static final IdTokenClaims SHARED =
      new IdTokenClaims(new ExpectedIssuer(ENTRA + "organizations/v2.0"), "keyturn", "oid", CLOCK);

  @Test
  void a_person_of_entra_is_a_tenant_and_an_oid() {
    var claims = SHARED.check(entra().build(), NonceRule.NONE);
    assertThat(SHARED.identity(claims).subject())
        .isEqualTo(new Subject(ENTRA + TENANT + "/v2.0", "oid", "o-1").wire());
  }

  @Test
  void a_tenant_that_is_not_the_issuers_is_refused() {
    var claims = entra().claim("tid", "9188040d-6c67-4c5b-b112-36a304b66dad").build();
    assertThatThrownBy(() -> SHARED.check(claims, NonceRule.NONE)).hasMessage("wrong_iss");
  }

  @Test
  void a_person_of_entra_without_an_oid_is_refused() {
    var claims = entra().claim("oid", null).build();
    assertThatThrownBy(() -> SHARED.identity(claims)).hasMessage("subject_claim");
  }

  @Test
  void a_name_with_control_characters_is_not_shown() {
    var claims = entra().claim("name", "Al\u0007ice").build();
    assertThat(SHARED.identity(claims).name()).isEmpty();
  }

  private static JWTClaimsSet.Builder entra() {
    return new JWTClaimsSet.Builder()
        .issuer(ENTRA + TENANT + "/v2.0")
        .audience("keyturn")
        .subject("pairwise")
        .claim("oid", "o-1")
        .claim("tid", TENANT)
        .issueTime(Date.from(CLOCK.instant()))
        .expirationTime(Date.from(CLOCK.instant().plusSeconds(60)));
  }
}
