package dev.keyturn.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.http.Parameters;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PushedRequestTest {
  private final PushedRequest request =
      PushedRequest.of(
          "c1",
          Parameters.parse(
              "client_id=c1&client_secret=s3cret&client_assertion=a&client_assertion_type=t"
                  + "&scope=a+b&resource=https://a.example&resource=https://b.example"));

  @Test
  void keeps_nothing_that_proves_the_client() {
    assertThat(request.toJson().getJsonObject("parameters").fieldNames())
        .containsExactly("scope", "resource");
  }

  @Test
  void comes_back_whole_from_json() {
    var back = PushedRequest.fromJson(request.toJson());
    assertThat(back.clientId()).isEqualTo("c1");
    assertThat(back.parameters().find("scope")).contains("a b");
    assertThat(back.parameters().all("resource"))
        .containsExactly("https://a.example", "https://b.example");
  }

  @Test
  void is_as_long_as_all_its_names_and_values() {
    assertThat(request.parameters().length())
        .isEqualTo("scopea b".length() + 2 * "resourcehttps://a.example".length());
  }
}
