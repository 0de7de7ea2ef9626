package dev.keyturn.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.Authorization.Person;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AuthorizationTest {
  private static final Person KNOWN =
      new Person(
          Optional.of("Alice"),
          Optional.of("alice@example.com"),
          true,
          Optional.of(Instant.parse("2026-11-23T11:55:00Z")),
          Optional.of("phr"),
          List.of("pwd", "otp"));
  private static final Person UNKNOWN =
      new Person(
          Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.empty(), List.of());

  private static Authorization of(Person person, List<String> resources) {
    return new Authorization(
        "sid",
        "client",
        "alice",
        Scopes.parse("openid mcp:read"),
        resources,
        Map.of("default", "account"),
        person);
  }

  @Test
  void is_read_as_it_was_written() {
    var whole = of(KNOWN, List.of("https://a.example", "https://b.example"));
    assertThat(Authorization.fromJson(whole.toJson())).isEqualTo(whole);
  }

  @Test
  void of_somebody_of_whom_nothing_is_known_is_read_as_it_was_written() {
    var bare = of(UNKNOWN, List.of("https://a.example"));
    assertThat(Authorization.fromJson(bare.toJson())).isEqualTo(bare);
  }

  @Test
  void is_for_at_least_one_resource() {
    assertThatThrownBy(() -> of(KNOWN, List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tells_nothing_about_the_person_when_printed() {
    assertThat(of(KNOWN, List.of("https://a.example")).toString())
        .contains("Person[hidden]")
        .doesNotContain("Alice")
        .doesNotContain("alice@");
  }
}
