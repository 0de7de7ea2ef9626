package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.oauth.OAuthException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What another verticle may ask about a login. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BusIT {
  private final Flow flow = Flow.started(Plan.USUAL.withUpstreamTokensFor(Duration.ofMinutes(5)));
  private final McpClient client = flow.client();
  private final Answer tokens = client.connect(flow.alice());

  @AfterEach
  void stop() {
    flow.close();
  }

  private String accessToken() {
    return tokens.text("access_token");
  }

  @Test
  void the_provider_knows_the_token_that_the_bus_tells() {
    var told = done(flow.bus().upstreamToken(accessToken(), "demo"));
    assertThat(flow.idp().describe(told.value()))
        .hasValueSatisfying(live -> assertThat(live.subject()).isEqualTo(Flow.ALICE.subject()));
    assertThat(told.expiresAt())
        .hasValueSatisfying(end -> assertThat(end).isAfter(flow.clock().instant()));
  }

  @Test
  void an_upstream_token_that_is_due_is_refreshed_first() {
    var before = done(flow.bus().upstreamToken(accessToken(), "demo"));
    flow.clock().forward(Duration.ofMinutes(5));
    var after = done(flow.bus().upstreamToken(accessToken(), "demo"));
    assertThat(after.value()).isNotEqualTo(before.value());
  }

  @Test
  void a_provider_that_nobody_approved_gives_nothing() {
    assertThat(failed(flow.bus().upstreamToken(accessToken(), "other")))
        .isInstanceOf(OAuthException.class);
  }

  @Test
  void revoking_the_refresh_token_ends_the_login() {
    done(flow.bus().revoke(tokens.text("refresh_token")));
    assertThat(client.call(accessToken()).status()).isEqualTo(401);
    assertThat(client.refresh(tokens.text("refresh_token")).status()).isEqualTo(400);
    assertThat(failed(flow.bus().upstreamToken(accessToken(), "demo")))
        .isInstanceOf(OAuthException.class);
  }

  @Test
  void revoking_the_access_token_leaves_the_login() {
    done(flow.bus().revoke(accessToken()));
    assertThat(client.call(accessToken()).status()).isEqualTo(401);
    var next = client.refresh(tokens.text("refresh_token"));
    assertThat(client.call(next.text("access_token")).status()).isEqualTo(200);
  }
}
