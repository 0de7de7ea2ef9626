package dev.keyturn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Patience;
import dev.keyturn.given.User;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * A server that is killed between the swap of its signing keys and the first use of the new one,
 * with the old key still in the directory. It has lost its sessions, since they were in memory.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RestartDuringRotationIT {
  private static final String CALLBACK = "http://127.0.0.1:33418/callback";
  private static final String LIST =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

  private World world;
  private Replica replica;
  private String before;

  @BeforeEach
  void killInTheMiddle() {
    world = new World(1, 2, ", publish_before_use: 10m", "1h");
    replica = world.replicas().get(0);
    before = token();
    world.secrets().renew(Kind.SIGNING);
    replica.mounts().swap(Kind.SIGNING, world.secrets().content(Kind.SIGNING));
    Patience.await().until(() -> published() == 3);
    replica.killAndStart();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void tokens_of_before_and_after_are_good() throws Exception {
    var after = token();
    assertThat(kid(after)).isNotEqualTo(kid(before));
    for (var token : new String[] {before, after}) {
      assertThat(verifier().complaint(token)).isEmpty();
      assertThat(statusOfCall(token)).isEqualTo(200);
    }
  }

  private OutsideVerifier verifier() {
    return new OutsideVerifier(replica.wire(), replica.url("/.well-known/jwks.json"));
  }

  private int published() {
    var jwks = replica.wire().get(replica.url("/.well-known/jwks.json")).body();
    return new JsonObject(jwks).getJsonArray("keys").size();
  }

  private int statusOfCall(String token) {
    var headers =
        Map.of("Authorization", "Bearer " + token, "Accept", "application/json, text/event-stream");
    return replica.wire().postJson(replica.url("/open"), headers, LIST).status();
  }

  private String token() {
    var alice = new User(new Browser(Clock.systemUTC(), replica.wire()), Flow.ALICE);
    var client = McpClient.registered(replica, CALLBACK, replica.wire());
    var request = client.request().with("resource", replica.url("/open").toString());
    return client.redeem(alice.logIn(client.authorize(request))).text("access_token");
  }

  private static String kid(String token) throws Exception {
    return com.nimbusds.jwt.SignedJWT.parse(token).getHeader().getKeyID();
  }
}
