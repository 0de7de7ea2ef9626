package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.RedirectUri;
import java.net.URI;
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
import org.junit.jupiter.params.provider.EnumSource;
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

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void is_the_plain_one_where_that_of_a_language_is_blank(String blank) {
      assertThat(named("Tool", Map.of("fr", blank)).name().in("fr")).isEqualTo("Tool");
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

  @Nested
  class An_authentication {
    private static final Optional<ClientKeys> KEYS =
        Optional.of(ClientKeys.published(URI.create("https://a.example/jwks"), Optional.empty()));

    private static Authentication by(
        Method method, List<String> hashes, boolean pkce, Optional<ClientKeys> keys) {
      return new Authentication(method, hashes, pkce, false, keys);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"})
    void by_a_secret_needs_one(Method method) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> by(method, List.of(), true, Optional.empty()));
    }

    @Test
    void of_a_public_client_has_no_secret() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> by(Method.NONE, List.of("hash"), true, Optional.empty()))
          .withMessageContaining("public client");
    }

    @Test
    void of_a_public_client_needs_a_challenge() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> by(Method.NONE, List.of(), false, Optional.empty()))
          .withMessageContaining("needs PKCE");
    }

    @Test
    void by_keys_has_no_secret() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> by(Method.PRIVATE_KEY_JWT, List.of("hash"), true, KEYS));
    }

    @Test
    void by_keys_needs_some() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> by(Method.PRIVATE_KEY_JWT, List.of(), true, Optional.empty()))
          .withMessageContaining("keys");
    }

    @Test
    void by_a_secret_has_no_keys() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> by(Method.CLIENT_SECRET_BASIC, List.of("hash"), true, KEYS))
          .withMessageContaining("keys");
    }

    @Test
    void has_four_secrets_at_most() {
      var five = List.of("1", "2", "3", "4", "5");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> by(Method.CLIENT_SECRET_POST, five, true, Optional.empty()))
          .withMessage("a client has at most 4 secrets");
    }

    @Test
    void by_keys_may_leave_the_challenge_out() {
      assertThat(Authentication.byKeys(KEYS.orElseThrow(), false).requiresPkce()).isFalse();
    }

    @Test
    void of_a_public_client_admits_no_secret() {
      assertThat(Authentication.PUBLIC.admits(List.of(""))).isFalse();
    }

    @Test
    void admits_nobody_who_shows_nothing() {
      var own = by(Method.CLIENT_SECRET_BASIC, List.of(Digest.of("s")), true, Optional.empty());
      assertThat(own.admits(List.of())).isFalse();
    }

    @Test
    void admits_each_of_its_secrets_among_others() {
      var hashes = List.of(Digest.of("new"), Digest.of("old"));
      var own = by(Method.CLIENT_SECRET_POST, hashes, true, Optional.empty());
      assertThat(own.admits(List.of("x", "old"))).isTrue();
    }

    @Test
    void admits_no_hash_for_a_secret() {
      var hash = Digest.of("s");
      var own = by(Method.CLIENT_SECRET_BASIC, List.of(hash), true, Optional.empty());
      assertThat(own.admits(List.of(hash, "t"))).isFalse();
    }

    @Test
    void of_a_public_client_is_not_confidential() {
      assertThat(Authentication.PUBLIC.isConfidential()).isFalse();
    }

    @Test
    void by_keys_is_confidential() {
      assertThat(Authentication.byKeys(KEYS.orElseThrow(), true).isConfidential()).isTrue();
    }

    @Test
    void that_must_be_pushed_is_the_same_otherwise() {
      assertThat(Authentication.byKeys(KEYS.orElseThrow(), false).requiringPush())
          .isEqualTo(new Authentication(Method.PRIVATE_KEY_JWT, List.of(), false, true, KEYS));
    }

    @ParameterizedTest
    @EnumSource
    void has_a_method_of_a_registered_spelling(Method method) {
      assertThat(Method.of(method.wire())).contains(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "tls_client_auth", ""})
    void has_no_method_of_another_spelling(String wire) {
      assertThat(Method.of(wire)).isEmpty();
    }
  }
}
