package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.token.AccessToken;
import dev.keyturn.vault.UsableToken;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyturnOverBusTest {
  private final Vertx vertx = Vertx.vertx();
  private final RunConfig config = GivenConfig.anyPorts();
  private final BusNames names = new BusNames("mine.");
  private final KeyturnOverBus bus = new KeyturnOverBus(vertx, names);
  private final AuthorizationServer server =
      done(new AuthorizationServer(vertx, config, GivenConfig.means(), names).start());

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private String token() {
    return GivenToken.signed(vertx, GivenConfig.keys(config), GivenConfig.ISSUER);
  }

  private static void refused(Throwable failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            OAuthException.class,
            refusal -> assertThat(refusal.error().code()).isEqualTo(ErrorCode.INVALID_TOKEN));
  }

  @Nested
  class Token_verify {
    @Test
    void tells_the_claims() {
      var said = done(bus.verify(token()));
      assertThat(said.subject()).isEqualTo("u_alice");
      assertThat(said.audience()).containsExactly("https://mcp.example.com");
    }

    @Test
    void refuses_an_unsigned_token() {
      refused(failed(bus.verify(GivenToken.unsigned(GivenConfig.ISSUER))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c"})
    void refuses_garbage(String token) {
      refused(failed(bus.verify(token)));
    }

    @Test
    void tells_what_JSON_can_carry() {
      var said = done(bus.verify(token()));
      var carried = new JsonObject(said.toJson().encode());
      assertThat(AccessToken.fromJson(carried).toJson()).isEqualTo(said.toJson());
      assertThat(carried.fieldNames())
          .containsExactlyInAnyOrder(
              "jti", "sub", "client_id", "sid", "aud", "scope", "iat", "exp");
    }
  }

  @Nested
  class Token_revoke {
    @Test
    void makes_an_access_token_worthless_at_once() {
      var token = token();
      done(bus.verify(token));
      done(bus.revoke(token));
      refused(failed(bus.verify(token)));
    }

    @Test
    void has_nothing_to_do_for_what_is_not_ours() {
      assertThat(bus.revoke("garbage").map(done -> "fine")).satisfies(f -> done(f));
    }

    @Test
    void takes_a_hint_and_needs_none() {
      var token = token();
      var asked = new BusRequest.Revoke(token, Optional.of("refresh_token"));
      done(names.tokenRevoke().ask(vertx, asked));
      refused(failed(bus.verify(token)));
    }
  }

  @Nested
  class Session_upstream_token {
    @Test
    void is_refused_without_a_session() {
      refused(failed(bus.upstreamToken(token(), "default")));
    }

    @Test
    void is_refused_for_a_token_that_is_no_good() {
      refused(failed(bus.upstreamToken("garbage", "default")));
    }
  }

  @Nested
  class Keys_jwks {
    @Test
    void are_the_published_ones() {
      assertThat(done(bus.jwks())).isEqualTo(GivenConfig.keys(config).jwks());
    }

    @Test
    void are_a_copy() {
      done(bus.jwks()).put("keys", new JsonArray());
      assertThat(done(bus.jwks()).getJsonArray("keys")).hasSize(1);
    }

    @Test
    void hold_no_private_member() {
      assertThat(done(bus.jwks()).getJsonArray("keys").getJsonObject(0).fieldNames())
          .doesNotContain("d");
    }
  }

  @Nested
  class Server_status {
    @Test
    void says_that_all_is_well() {
      var status = done(bus.status());
      assertThat(status.isReady()).isTrue();
      assertThat(status.generation()).isEqualTo(1);
      assertThat(status.details().getJsonObject("upstreams").getString("default"))
          .startsWith("down: ");
    }

    @Test
    void tells_late_joiners_what_they_have_missed() {
      var changed = new ConfigChanged(2, Instant.parse("2026-11-23T12:00:00Z"), List.of("issuer"));
      names.configChanged().announce(vertx, changed);
      var status = done(bus.status());
      assertThat(status.generation()).isEqualTo(2);
      assertThat(status.since()).isEqualTo(changed.at());
      assertThat(status.pendingRestart()).containsExactly("issuer");
    }

    @Test
    void is_what_JSON_can_carry() {
      var status = done(bus.status());
      assertThat(ServerStatus.fromJson(new JsonObject(status.toJson().encode()))).isEqualTo(status);
    }

    @Test
    void cannot_be_changed_by_who_reads_it() {
      var status = done(bus.status());
      status.details().put("ready", false);
      assertThat(status.details().getBoolean("ready")).isTrue();
    }
  }

  @Nested
  class News {
    @Test
    void of_a_change_are_heard() {
      var heard = Promise.<ConfigChanged>promise();
      done(bus.onConfigChanged(heard::complete).completion());
      var changed = new ConfigChanged(2, Instant.EPOCH, List.of());
      names.configChanged().announce(vertx, changed);
      assertThat(done(heard.future())).isEqualTo(changed);
    }

    @Test
    void of_what_happened_are_heard() {
      var heard = Promise.<String>promise();
      done(bus.onAuditEvent(event -> heard.tryComplete(event.kind().wire())).completion());
      done(bus.revoke(token()));
      assertThat(done(heard.future())).isEqualTo("token.revoked");
    }
  }

  @Nested
  class A_server_that_is_not_there {
    @Test
    void is_unavailable() {
      done(server.stop());
      assertThat(failed(bus.status()))
          .isInstanceOf(UnavailableException.class)
          .hasMessage("nobody answers at mine.server.status");
    }

    @Test
    void is_another_one_than_that_of_another_prefix() {
      var other = new KeyturnOverBus(vertx, new BusNames(""));
      assertThat(failed(other.jwks())).isInstanceOf(UnavailableException.class);
    }
  }

  @Nested
  class Requests {
    @Test
    void print_no_token() {
      var all =
          List.of(
              new BusRequest.Verify("s3cr3t"),
              new BusRequest.Revoke("s3cr3t", Optional.empty()),
              new BusRequest.UpstreamToken("s3cr3t", "demo"),
              new UsableToken("s3cr3t", Optional.empty(), Scopes.NONE));
      assertThat(all.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void are_what_JSON_can_carry() {
      var verify = new BusRequest.Verify("t");
      var revoke = new BusRequest.Revoke("t", Optional.of("access_token"));
      var upstream = new BusRequest.UpstreamToken("t", "demo");
      assertThat(BusRequest.Verify.fromJson(verify.toJson())).isEqualTo(verify);
      assertThat(BusRequest.Revoke.fromJson(revoke.toJson())).isEqualTo(revoke);
      assertThat(BusRequest.UpstreamToken.fromJson(upstream.toJson())).isEqualTo(upstream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"token\": 7}", "{\"token\": null}"})
    void that_lack_a_token_are_none(String json) {
      assertThatThrownBy(() -> BusRequest.Verify.fromJson(new JsonObject(json)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
