package dev.keyturn.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AccountTest {
  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':1}|{'b':2}|{'a':1,'b':2}",
        "{'a':1}|{'a':2}|{'a':1}",
        "{'email':'x@corp'}|{'email':'y@home','email_verified':true}|{'email':'x@corp'}",
        "{'email':'x@corp'}|{'email_verified':true}|{'email':'x@corp'}",
        "{'email_verified':true}|{'email':'x@corp'}|{'email':'x@corp'}",
        "{'email_verified':true,'email':null}|{'email':'x@corp','email_verified':false}|{'email':'x@corp','email_verified':false}",
        "{'a':1}|{'email':'x@corp','email_verified':true}|{'a':1,'email':'x@corp','email_verified':true}"
      })
  void claims_of_two_documents_vouch_for_no_more_than_each(
      String idToken, String userinfo, String claims) {
    assertThat(Account.claims(json(idToken), Optional.of(json(userinfo)))).isEqualTo(json(claims));
  }

  @Test
  void does_not_print_a_claim() {
    assertThat(new Account("alice-1", json("{'email':'x@corp'}"))).hasToString("Account[hidden]");
  }

  private static ObjectNode json(String text) {
    return Json.object(text.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
  }
}
