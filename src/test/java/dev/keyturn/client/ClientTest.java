package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.oauth.RedirectUri;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClientTest {
  private static final RedirectUri WEB = new RedirectUri("https://tool.example/callback");
  private static final RedirectUri NATIVE = new RedirectUri("http://127.0.0.1/callback");

  private static Client named(String name, Map<String, String> localNames) {
    return new Client(
        "tool",
        Client.Kind.REGISTERED,
        new ClientName(name, localNames),
        List.of(WEB, NATIVE),
        Set.of(Client.AUTHORIZATION_CODE),
        Optional.empty(),
        List.of());
  }

  @Nested
  class A_name {
    private final Client client =
        named("Tool", Map.of("fr", "Outil", "pt-br", "Ferramenta", "pt-pt", "Utensílio"));

    @ParameterizedTest
    @CsvSource({
      "fr, Outil",
      "FR, Outil",
      "pt-PT, Utensílio",
      "pt, Ferramenta",
      "de, Tool",
      "p, Tool",
    })
    void is_told_in_a_language(String language, String name) {
      assertThat(client.name().in(language)).isEqualTo(name);
    }

    @Test
    void is_told_in_another_language_if_there_is_no_plain_one() {
      assertThat(named("", Map.of("fr", "Outil")).name().in("de")).isEqualTo("Outil");
    }

    @Test
    void is_empty_if_there_is_none() {
      assertThat(named("", Map.of()).name().in("de")).isEmpty();
    }
  }

  @Nested
  class A_redirect_uri {
    private final Client client = named("Tool", Map.of());

    @Test
    void that_was_registered_is_admitted() {
      assertThat(client.admits(WEB.value())).contains(WEB);
    }

    @Test
    void on_loopback_is_admitted_by_the_one_that_names_no_port() {
      assertThat(client.admits("http://127.0.0.1:7777/callback")).contains(NATIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://tool.example/callback/", "https://evil.example/callback", ""})
    void that_was_not_registered_is_not(String uri) {
      assertThat(client.admits(uri)).isEmpty();
    }
  }

  @Test
  void may_use_only_its_grants() {
    assertThat(named("Tool", Map.of()).may(Client.AUTHORIZATION_CODE)).isTrue();
    assertThat(named("Tool", Map.of()).may(Client.REFRESH_TOKEN)).isFalse();
  }
}
