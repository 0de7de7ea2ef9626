package dev.keyturn.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AllowTest {
  private static final String TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";

  @ParameterizedTest(name = "{0} of {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "anyone                            | {}                                        | admitted",
        "{tenants: [TENANT]}               | {'tid':'TENANT'}                          | admitted",
        "{tenants: [72F988BF-86F1-41AF-91AB-2D7CD011DB47]} | {'tid':'TENANT'}          | admitted",
        "{tenants: [TENANT]}               | {'tid':'9188040d-6c67-4c5b-b112-36a304b66dad'} | tenants not_listed",
        "{tenants: [TENANT]}               | {}                                        | tenants no_claim",
        "{hosted_domains: [corp.example]}  | {'hd':'corp.example'}                     | admitted",
        "{hosted_domains: [Corp.Example]}  | {'hd':'corp.example'}                     | admitted",
        "{hosted_domains: [corp.example]}  | {'hd':'a.corp.example'}                   | hosted_domains not_listed",
        "{hosted_domains: [corp.example]}  | {'email':'a@corp.example','email_verified':true} | hosted_domains no_claim",
        "{subjects: [alice-1]}             | {}                                        | admitted",
        "{subjects: [Alice-1]}             | {}                                        | subjects not_listed",
        "{subjects: [bob]}                 | {'sub':'bob'}                             | subjects not_listed",
        "{groups: [admins, staff]}         | {'groups':['x','staff']}                  | admitted",
        "{groups: [staff]}                 | {'groups':'staff'}                        | admitted",
        "{groups: ['7']}                   | {'groups':[7]}                            | admitted",
        "{groups: [staff]}                 | {'groups':'x staff'}                      | groups not_listed",
        "{groups: [staff]}                 | {'groups':['Staff']}                      | groups not_listed",
        "{groups: [staff]}                 | {'groups':[]}                             | groups no_claim",
        "{groups: [staff]}                 | {'groups':{'staff':true}}                 | groups no_claim",
        "{groups: [staff]}                 | {'_claim_names':{'groups':'src1'}}        | groups groups_overage",
        "{groups: [staff]}                 | {'groups':null,'_claim_names':{'groups':'src1'}} | groups groups_overage",
        "{groups: [staff]}                 | {'hasgroups':true}                        | groups groups_overage",
        "{groups: [staff]}                 | {'groups':['staff'],'_claim_names':{'groups':'src1'}} | admitted",
        "{emails: [a@corp.example]}        | {'email':'A@Corp.Example','email_verified':true} | admitted",
        "{emails: [A@corp.example]}        | {'email':'a@corp.example','email_verified':'true'} | admitted",
        "{emails: ['@corp.example']}       | {'email':'a@corp.example','email_verified':true} | admitted",
        "{emails: ['@corp.example']}       | {'email':'a@sub.corp.example','email_verified':true} | emails not_listed",
        "{emails: ['@corp.example']}       | {'email':'a@evilcorp.example','email_verified':true} | emails not_listed",
        "{emails: ['@corp.example']}       | {'email':'a@evil.example@corp.example','email_verified':true} | emails no_claim",
        "{emails: ['@corp.example']}       | {'email':'a b@corp.example','email_verified':true} | emails no_claim",
        "{emails: ['@corp.example']}       | {'email':['a@corp.example'],'email_verified':true} | emails no_claim",
        "{emails: ['@corp.example']}       | {'email':'a@corp.example'}                | emails no_claim",
        "{emails: ['@corp.example']}       | {'email':'a@corp.example','email_verified':false} | emails no_claim",
        "{emails: ['@corp.example']}       | {'email':'a@corp.example','email_verified':'TRUE'} | emails no_claim",
        "{emails: ['@corp.example']}       | {'email':'a@corp.example','email_verified':1} | emails no_claim",
        "{emails: [b@corp.example]}        | {'email':'a@corp.example','email_verified':true} | emails not_listed",
        "{emails: [k@corp.example]}        | {'email':'\u212A@corp.example','email_verified':true} | emails not_listed",
        "{cel: 'claims.level > 2'}         | {'level':3}                               | admitted",
        "{cel: 'claims.level > 2'}         | {'level':2}                               | cel not_true",
        "{groups: [staff], subjects: [alice-1]} | {'groups':['staff']}                 | admitted",
        "{groups: [staff], subjects: [bob]} | {'groups':['staff']}                     | subjects not_listed",
        "{groups: [staff], subjects: [alice-1]} | {'groups':['x']}                     | groups not_listed",
        "{groups: [staff], cel: 'claims.on == true'} | {'groups':['staff'],'on':false} | cel not_true",
        "{groups: [staff], cel: 'claims.on == true'} | {'groups':['x'],'on':true}      | groups not_listed"
      })
  void a_rule_judges_claims(String rule, String claims, String verdict) {
    assertThat(verdict(rule, claims)).isEqualTo(verdict);
  }

  @Test
  void a_very_long_address_is_none() {
    var address = "a".repeat(320) + "@corp.example";
    assertThat(
            verdict(
                "{emails: ['@corp.example']}", "{'email':'" + address + "','email_verified':true}"))
        .isEqualTo("emails no_claim");
  }

  private static String verdict(String rule, String claims) {
    var document = claims.replace('\'', '"').replace("TENANT", TENANT);
    var account = new Account("alice-1", Json.object(document.getBytes(UTF_8)).orElseThrow());
    return GivenUpstream.allow(rule.replace("TENANT", TENANT))
        .refusal(account)
        .map(refused -> refused.setting() + " " + refused.cause())
        .orElse("admitted");
  }
}
