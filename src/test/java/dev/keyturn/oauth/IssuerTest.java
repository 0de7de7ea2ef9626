package dev.keyturn.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IssuerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://mcp.example.com",
        "https://mcp.example.com/tenant",
        "http://127.0.0.1:8080",
        "https://mcp.example.com/a/b-c_d~e.f"
      })
  void takes_an_absolute_url(String text) {
    assertThat(Issuer.complaintAbout(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mcp.example.com | must be an absolute https URL such as https://mcp.example.com
          ftp://mcp.example.com | must be an absolute https URL such as https://mcp.example.com
          https://[::77777777777.1] | is not a URL
          https://mcp.example.com/ | must not end with a slash: write https://mcp.example.com
          https://mcp.example.com/a/../b | must have no dot segments or empty segments in its path
          https://mcp.example.com/a//b | must have no dot segments or empty segments in its path
          https://mcp.example.com?a=b | must have no query and no fragment
          https://me@mcp.example.com | must have no user information before the host
          https://mcp.example.com/:tenant | must have a path of letters, digits and . _ ~ - only
          https://mcp.example.com/* | must have a path of letters, digits and . _ ~ - only
          https://mcp.example.com/%2e | must have a path of letters, digits and . _ ~ - only
          """)
  void refuses_whatever_could_be_read_in_two_ways(String text, String complaint) {
    assertThat(Issuer.complaintAbout(text)).isEqualTo(complaint);
  }

  @Test
  void finds_the_well_known_documents_of_a_path_issuer_in_both_forms() {
    assertThat(new Issuer("https://mcp.example.com/tenant").wellKnown("openid-configuration"))
        .containsExactly(
            "/.well-known/openid-configuration/tenant", "/tenant/.well-known/openid-configuration");
  }
}
