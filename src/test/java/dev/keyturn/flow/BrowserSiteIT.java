package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Flow;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Browsers find us elsewhere than programs do: {@code authorization_endpoint_base_url}. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BrowserSiteIT {
  private static Flow flow;

  @BeforeAll
  static void start() {
    flow = Flow.started(Plan.USUAL.forBrowsersAt("localhost"));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @Test
  void the_whole_flow_ends_at_the_tool() {
    var client = flow.client();
    var tokens = client.connect(flow.alice());
    assertThat(client.call(tokens.text("access_token")).body()).contains("Alice Liddell");
  }

  @Test
  void the_answer_still_names_the_issuer() {
    var handed = flow.alice().logIn(flow.client().authorize());
    assertThat(handed.handed("iss")).isEqualTo(flow.issuer());
  }

  @Test
  void the_provider_sends_browsers_back_to_where_they_know_us() {
    var sent = flow.alice().approve(flow.client().authorize());
    assertThat(sent.handed("redirect_uri")).isEqualTo(flow.browserIssuer() + "/oauth/callback");
  }

  @Test
  void the_metadata_sends_browsers_there_and_programs_to_the_issuer() {
    var metadata = new Wire().get(flow.url("/.well-known/oauth-authorization-server"));
    assertThat(metadata.text("issuer")).isEqualTo(flow.issuer());
    assertThat(metadata.text("authorization_endpoint"))
        .isEqualTo(flow.browserIssuer() + "/oauth/authorize");
    assertThat(metadata.text("token_endpoint")).isEqualTo(flow.issuer() + "/oauth/token");
  }

  @Test
  void a_form_of_the_issuers_own_origin_does_not_count() {
    var alice = flow.alice();
    var page = alice.consentPage(flow.client().authorize());
    var form = alice.browser().form(page, "Allow");
    var forged =
        alice
            .browser()
            .submitAs(
                dev.keyturn.given.Site.SAME_ORIGIN,
                flow.issuer(),
                flow.browserUrl("/oauth/consent"),
                form);
    assertThat(forged.status()).isEqualTo(403);
  }
}
