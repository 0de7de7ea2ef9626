package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.http.FetchRules;
import dev.keyturn.secrets.SecretReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentsConfigTest {
  private static final String PEM =
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

  @TempDir private Path folder;

  private final Findings findings = new Findings();

  private Optional<DocumentsConfig> read(String members) {
    var settings = Settings.parse("cimd: {" + members + "}", folder, findings);
    var config = DocumentsConfig.from(settings.child("cimd"), new SecretReader(Map.of(), findings));
    settings.refuseUnknown();
    return config;
  }

  private DocumentsConfig good(String members) {
    var config = read(members);
    assertThat(findings.errors()).isEmpty();
    return config.orElseThrow();
  }

  private List<String> complaints(String members) {
    read(members);
    return findings.errors().stream().map(Object::toString).toList();
  }

  private List<String> warnings(String members) {
    good(members);
    return findings.warnings().stream().map(Object::toString).toList();
  }

  @Test
  void nothing_said_is_every_public_host() {
    assertThat(good(""))
        .isEqualTo(new DocumentsConfig(true, 256, Duration.ofMinutes(5), FetchRules.PUBLIC));
  }

  @Test
  void documents_may_be_off() {
    assertThat(good("enabled: false").enabled()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 256", "1, 1", "1000000, 1000000"})
  void the_memory_is_as_large_as_it_says_and_usual_at_none(String given, int size) {
    assertThat(good("cache_max_size: " + given).size()).isEqualTo(size);
  }

  @ParameterizedTest
  @CsvSource({"1s, PT1S", "90m, PT1H30M", "24h, PT24H"})
  void a_document_is_kept_as_long_as_it_says(String given, Duration usual) {
    assertThat(good("cache_fallback_ttl: " + given).usual()).isEqualTo(usual);
  }

  @Test
  void the_fetches_of_a_minute_are_as_many_as_it_says() {
    assertThat(good("fetches_per_minute: 7").rules().perAddress()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enabled: perhaps|enabled must be true or false",
        "cache_max_size: -1|cache_max_size must be between 0 and 1000000",
        "cache_max_size: 1000001|cache_max_size must be between 0 and 1000000",
        "cache_fallback_ttl: 999ms|cache_fallback_ttl must be between 1s and 24h",
        "cache_fallback_ttl: 24h1s|cache_fallback_ttl must be between 1s and 24h",
        "fetches_per_minute: 0|fetches_per_minute must be between 1 and 1000000",
        "allowed_hosts: a.example|allowed_hosts must be a list",
        "test: yes|test must be a mapping",
        "allowed_host: []|allowed_host is unknown: did you mean allowed_hosts?",
      })
  void a_wrong_value_is_refused(String members, String complaint) {
    assertThat(complaints(members)).singleElement().asString().startsWith("cimd." + complaint);
  }

  @Test
  void there_is_no_config_where_something_is_wrong() {
    assertThat(read("enabled: perhaps")).isEmpty();
  }

  @Test
  void every_mistake_is_told_at_once() {
    assertThat(complaints("enabled: perhaps, allowed_hosts: ['A'], denied_hosts: ['B']"))
        .hasSize(3);
  }

  @Nested
  class A_list_of_hosts {
    @ParameterizedTest
    @ValueSource(strings = {"a.example", "*.example", "*.a-b.example", "localhost", "_x.a.example"})
    void may_allow(String host) {
      assertThat(good("allowed_hosts: ['" + host + "']").rules().allowed()).containsExactly(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example", "*.example", "*.a-b.example", "localhost", "_x.a.example"})
    void may_deny(String host) {
      assertThat(good("denied_hosts: ['" + host + "']").rules().denied()).containsExactly(host);
    }

    @Test
    void that_denies_allows_none_by_name() {
      assertThat(good("denied_hosts: [a.example]").rules().allowed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "A.example",
          "*",
          "*.",
          "a.*.example",
          "*a.example",
          "https://a.example",
          "a.example:443",
          "a.example/c",
          "a..example",
          "a.example.",
          "a b",
        })
    void holds_hosts_and_nothing_else(String host) {
      assertThat(complaints("allowed_hosts: ['" + host + "']"))
          .containsExactly(
              "cimd.allowed_hosts[0] must be a host in lower case, or *. and a domain");
    }

    @Test
    void has_no_label_of_64_characters() {
      assertThat(complaints("allowed_hosts: ['" + "a".repeat(64) + ".example']")).hasSize(1);
    }

    @Test
    void is_refused_at_the_one_that_is_wrong() {
      assertThat(complaints("denied_hosts: [a.example, B.example, c.example]"))
          .containsExactly("cimd.denied_hosts[1] must be a host in lower case, or *. and a domain");
    }
  }

  @Nested
  class A_place_for_tests {
    @ParameterizedTest
    @CsvSource({
      "127.0.0.1:8443, 127.0.0.1, 8443",
      "10.0.0.7:1, 10.0.0.7, 1",
      "127.0.0.1:65535, 127.0.0.1, 65535",
      "[::1]:8443, ::1, 8443",
      "[fe80::a.1]:443, fe80::a.1, 443",
    })
    void is_an_address_and_a_port(String place, String address, int port) {
      assertThat(good("test: {hosts: {a.example: '" + place + "'}}").rules().elsewhere())
          .isEqualTo(Map.of("a.example", SocketAddress.inetSocketAddress(port, address)));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "127.0.0.1",
          "127.0.0.1:",
          "127.0.0.1:65536",
          "127.0.0.1:99999",
          "127.0.0.1:123456",
          "localhost:8443",
          "::1:8443",
          "[::1]",
          "[::G]:8443",
          "",
        })
    void is_refused_where_it_is_anything_else(String place) {
      assertThat(complaints("test: {hosts: {a.example: '" + place + "'}}"))
          .containsExactly(
              "cimd.test.hosts.a.example must be an address and a port, as 127.0.0.1:8443");
    }

    @Test
    void is_warned_of() {
      assertThat(warnings("test: {hosts: {a.example: '127.0.0.1:8443'}}"))
          .singleElement()
          .asString()
          .startsWith("cimd.test is for tests only");
    }

    @Test
    void is_not_warned_of_where_there_is_none() {
      assertThat(warnings("test: {hosts: {}}")).isEmpty();
    }
  }

  @Nested
  class A_bundle_for_tests {
    private String bundle(String content) {
      try {
        Files.writeString(folder.resolve("ca.pem"), content);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return "test: {ca_bundle_file: ca.pem}";
    }

    @Test
    void is_trusted_instead_of_the_usual_one() {
      assertThat(good(bundle(PEM)).rules().authorities()).contains(Buffer.buffer(PEM));
    }

    @Test
    void is_warned_of() {
      assertThat(warnings(bundle(PEM)))
          .singleElement()
          .asString()
          .startsWith("cimd.test is for tests only");
    }

    @Test
    void is_warned_of_once_together_with_a_place() {
      var both = bundle(PEM).replace("{", "{hosts: {a.example: '127.0.0.1:8443'}, ");
      assertThat(warnings(both)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", "-----BEGIN PRIVATE KEY-----\nAAAA\n"})
    void must_hold_certificates(String content) {
      assertThat(complaints(bundle(content)))
          .containsExactly("cimd.test.ca_bundle_file must hold certificates in PEM");
    }

    @Test
    void leaves_no_config_where_it_holds_none() {
      assertThat(read(bundle("nothing"))).isEmpty();
    }

    @Test
    void must_exist() {
      assertThat(complaints("test: {ca_bundle_file: nowhere.pem}"))
          .containsExactly(
              "cimd.test.ca_bundle_file names "
                  + folder.resolve("nowhere.pem")
                  + ", which does not exist");
    }
  }
}
