package dev.keyturn.authorize;

import static dev.keyturn.authorize.GivenRequest.ISSUER;
import static dev.keyturn.authorize.GivenRequest.address;
import static dev.keyturn.authorize.GivenRequest.preRegistered;
import static dev.keyturn.authorize.GivenRequest.stranger;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Client;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthError;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReturnAddressTest {
  private static final String ISS = "iss=https%3A%2F%2Fas.example";

  private static String withCode(String uri, String state) {
    return address(stranger("x", uri), state).withCode("c", ISSUER);
  }

  @Nested
  class An_answer {
    @ParameterizedTest
    @CsvSource({
      "https://a.example/cb, https://a.example/cb?code=c",
      "https://a.example, https://a.example?code=c",
      "https://a.example/cb?, https://a.example/cb?code=c",
      "https://a.example/cb?x=%2F+1, https://a.example/cb?x=%2F+1&code=c",
      "https://a.example/cb?x=1&, https://a.example/cb?x=1&code=c",
      "https://a.example/cb?x, https://a.example/cb?x&code=c",
      "http://127.0.0.1:5000/cb, http://127.0.0.1:5000/cb?code=c",
      "com.example.app:/cb, com.example.app:/cb?code=c",
      "com.example.app:cb?x=1, com.example.app:cb?x=1&code=c",
      "cursor://anysphere.cursor-mcp/cb, cursor://anysphere.cursor-mcp/cb?code=c"
    })
    void keeps_the_address_as_the_request_spelled_it(String uri, String start) {
      assertThat(withCode(uri, "s")).isEqualTo(start + "&state=s&" + ISS);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a b",
          "a+b",
          "a&code=evil",
          "a=b",
          "a#b",
          "a%20b",
          "ä€😀",
          "\"<>\\",
          "a?b;c",
          "%",
          "\r\nX: y"
        })
    void brings_the_state_back_byte_for_byte(String state) {
      var answer = new QueryStringDecoder(withCode("https://a.example/cb", state)).parameters();
      assertThat(answer).containsEntry("state", List.of(state)).containsEntry("code", List.of("c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\nX: y", "a b", "a#b", "ä"})
    void is_printable_whatever_the_state_is(String state) {
      assertThat(withCode("https://a.example/cb", state)).matches("[\\x21-\\x7E&&[^#]]+");
    }

    @Test
    void has_no_state_where_none_was_sent() {
      assertThat(withCode("https://a.example/cb", ""))
          .isEqualTo("https://a.example/cb?code=c&" + ISS);
    }

    @Test
    void of_a_refusal_has_code_sentence_state_and_issuer() {
      var error = new OAuthError(ErrorCode.INVALID_SCOPE, "scope x is not supported");
      assertThat(address(stranger("x", "https://a.example/cb"), "s").withError(error, ISSUER))
          .isEqualTo(
              "https://a.example/cb?error=invalid_scope&error_description=scope+x+is+not+supported"
                  + "&state=s&"
                  + ISS);
    }

    @Test
    void without_a_sentence_has_no_description() {
      var error = new OAuthError(ErrorCode.SERVER_ERROR, "");
      assertThat(address(stranger("x", "https://a.example/cb"), "s").withError(error, ISSUER))
          .isEqualTo("https://a.example/cb?error=server_error&state=s&" + ISS);
    }
  }

  @Nested
  class A_missing_redirect_uri {
    private Optional<String> implied(Client client) {
      return ReturnAddress.trusted(client, Optional.empty(), Optional.empty())
          .map(ReturnAddress::uri);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"https://a.example/cb?x=1", "com.example.app:/cb", "http://127.0.0.1:5000/cb"})
    void is_the_only_one_that_is_registered(String uri) {
      assertThat(implied(preRegistered(uri))).contains(uri);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://localhost/cb",
          "http://127.0.0.1",
          "http://[::1]/cb",
          "http://localhost?x"
        })
    void is_no_loopback_address_that_stands_for_every_port(String uri) {
      assertThat(implied(preRegistered(uri))).isEmpty();
    }

    @Test
    void is_none_of_several() {
      assertThat(implied(preRegistered("https://a.example/cb", "https://a.example/other")))
          .isEmpty();
    }
  }

  @Nested
  class A_redirect_uri {
    private boolean isTrusted(Client client, String uri) {
      return ReturnAddress.trusted(client, Optional.of(uri), Optional.empty()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://a.example/cb/",
          "https://a.example/cb?x=1",
          "https://A.example/cb",
          "https://a.example:443/cb",
          "https://a.example.evil.example/cb",
          "https://a.example/cb/../x",
          "http://a.example/cb",
          "https://a.example/CB",
          "https://a.example@evil.example/cb",
          "//a.example/cb",
          ""
        })
    void is_the_registered_text_or_nothing(String uri) {
      assertThat(isTrusted(preRegistered("https://a.example/cb"), uri)).isFalse();
    }

    @Test
    void on_loopback_may_have_any_port_and_keeps_it() {
      var address =
          ReturnAddress.trusted(
              preRegistered("http://127.0.0.1/cb"),
              Optional.of("http://127.0.0.1:49152/cb"),
              Optional.empty());
      assertThat(address.orElseThrow().uri()).isEqualTo("http://127.0.0.1:49152/cb");
    }

    @Test
    void on_loopback_must_have_the_registered_host() {
      assertThat(isTrusted(preRegistered("http://127.0.0.1/cb"), "http://localhost:1/cb"))
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/cb, false",
    "com.example.app:/cb, false",
    "http://localhost:1/cb, true"
  })
  void only_loopback_is_direct_for_a_stranger(String uri, boolean direct) {
    assertThat(address(stranger("x", uri), "s").direct()).isEqualTo(direct);
  }

  @Test
  void every_address_is_direct_for_a_client_of_the_operator() {
    assertThat(address(preRegistered("https://a.example/cb"), "s").direct()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s & ä"})
  void comes_back_whole_from_json(String state) {
    var address = address(stranger("x", "https://a.example/cb?x=1"), state);
    assertThat(ReturnAddress.fromJson(address.toJson())).isEqualTo(address);
  }
}
