package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.http.OutgoingHttp.Reach;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8414, section 3.3: whose metadata a document can be. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OfferingTest {
  @ParameterizedTest
  @CsvSource({
    "https://a.example/.well-known/openid-configuration, https://a.example",
    "https://a.example/.well-known/oauth-authorization-server, https://a.example/",
    "https://a.example/.well-known/oauth-authorization-server/t, https://a.example/t",
    "https://a.example/t/.well-known/openid-configuration, https://a.example/t/",
    "https://a.example:443/.well-known/openid-configuration, https://A.example",
    "https://a.example/metadata.json, https://a.example/whatever"
  })
  void it_is_that_of_the_issuer_whose_address_it_has(String url, String issuer) {
    assertThat(Offering.mayPublish(URI.create(url), issuer)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://localhost/r", "https://127.0.0.1/r", "http://[::1]:80/r"})
  void one_of_elsewhere_does_not_lead_to_this_machine(String endpoint) {
    assertThatThrownBy(() -> read("https://a.example/metadata.json", endpoint))
        .hasMessage("the document at discovery_url leads to this machine");
  }

  @Test
  void one_of_this_machine_may() {
    assertThat(read("http://127.0.0.1:8080/metadata.json", "http://127.0.0.1:8081/r").where())
        .isEqualTo(URI.create("http://127.0.0.1:8081/r"));
  }

  private static RegistrationOffer read(String url, String endpoint) {
    var document =
        new JsonObject().put("issuer", url).put("registration_endpoint", endpoint).toBuffer();
    var answer = new Answer(200, MultiMap.caseInsensitiveMultiMap(), document);
    return Offering.read(URI.create(url), answer, new Reach(false, false, true));
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/.well-known/openid-configuration, https://b.example",
    "https://a.example/.well-known/openid-configuration, http://a.example",
    "https://a.example/.well-known/openid-configuration, https://a.example:8443",
    "https://a.example/.well-known/openid-configuration, https://a.example/t",
    "https://a.example/.well-known/openid-configuration, https://a.example?x",
    "https://a.example/.well-known/openid-configuration, https://b.example@a.example",
    "https://a.example/t/.well-known/openid-configuration, https://a.example",
    "https://a.example/.well-known/something-else, https://a.example",
    "https://a.example/metadata.json, https://b.example",
    "https://a.example/metadata.json, ''",
    "https://a.example/metadata.json, 'https://['",
    "https://a.example/metadata.json, https://[::77777777777.1]"
  })
  void it_is_nobody_elses(String url, String issuer) {
    assertThat(Offering.mayPublish(URI.create(url), issuer)).isFalse();
  }
}
