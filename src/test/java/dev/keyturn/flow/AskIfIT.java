package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.McpClient;
import dev.keyturn.given.Several;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule about claims says of whom a further provider is asked. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AskIfIT {
  private Several several;

  @AfterEach
  void stop() {
    several.close();
  }

  private McpClient client(String rule) {
    several = Several.started("ask_if: \"" + rule + "\"");
    return several.client();
  }

  @Test
  void whom_the_rule_names_is_asked() {
    var client = client("claims.email == 'alice@example.com'");
    var sent = several.at(Several.ALICE).logIn(client.authorize());
    assertThat(sent.handed("redirect_uri")).endsWith("/oauth/callback/hub");
  }

  @Test
  void whom_it_does_not_name_is_not_asked() {
    var client = client("claims.email == 'alice@example.com'");
    assertThat(several.at(Several.BOB).logIn(client.authorize()).handed("code")).startsWith("ktc_");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"claims.missing == true", "!(claims.missing == true)", "claims.email > 3"})
  void where_it_cannot_be_judged_nobody_is_asked(String rule) {
    var client = client(rule);
    assertThat(several.at(Several.ALICE).logIn(client.authorize()).handed("code"))
        .startsWith("ktc_");
  }

  @Test
  void who_may_not_have_what_the_resource_needs_is_told_so_once() {
    client("claims.email == 'alice@example.com'");
    var tools = several.toolsClient();
    var page = several.at(Several.BOB).logIn(tools.authorize());
    assertThat(page.status()).isEqualTo(403);
    assertThat(page.body()).contains("This account may not log in here").doesNotContain("ktc_");
  }
}
