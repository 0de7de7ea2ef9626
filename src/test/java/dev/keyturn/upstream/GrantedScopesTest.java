package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.oauth.Scopes;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What a provider has granted, beside what a page has named. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GrantedScopesTest {
  private static String beyond(String named, String granted) {
    return GrantedScopes.beyond(Scopes.parse(named), Scopes.parse(granted)).wire();
  }

  @Test
  void what_was_named_is_not_beyond_it() {
    assertThat(beyond("openid repo", "repo openid")).isEmpty();
  }

  @Test
  void less_than_was_named_is_not_beyond_it() {
    assertThat(beyond("openid repo", "openid")).isEmpty();
  }

  @Test
  void what_was_not_named_is() {
    assertThat(beyond("openid repo", "openid repo admin workflow")).isEqualTo("admin workflow");
  }

  @Test
  void who_somebody_is_need_not_be_named() {
    assertThat(beyond("repo", "repo openid profile email offline_access")).isEmpty();
  }

  @Test
  void nor_in_the_spelling_of_Google() {
    assertThat(
            beyond(
                "openid email profile",
                "openid https://www.googleapis.com/auth/userinfo.email"
                    + " https://www.googleapis.com/auth/userinfo.profile"))
        .isEmpty();
  }

  @Test
  void a_page_names_what_was_asked_for_and_what_is_beyond() {
    assertThat(GrantedScopes.toName(Scopes.parse("openid"), Scopes.parse("email admin")).wire())
        .isEqualTo("openid admin");
  }
}
