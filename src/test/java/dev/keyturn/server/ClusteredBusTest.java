package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.GivenNodes;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server on one node of a clustered Vert.x, and another node that would like to know. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClusteredBusTest {
  private static final String CODEC = "dev.keyturn.local";
  private static final String ELSEWHERE = "elsewhere";

  private final GivenNodes cluster = new GivenNodes();
  private final Vertx ours = cluster.node();
  private final Vertx theirs = cluster.node();
  private final RunConfig config = GivenConfig.anyPorts();
  private final List<Object> arrived = new CopyOnWriteArrayList<>();
  private AuthorizationServer server;

  @BeforeEach
  void start() {
    server =
        done(
            AuthorizationServer.builder(ours)
                .config(config)
                .crypto(CryptoProvider.jdk("test"))
                .mounted()
                .start());
    listen(ELSEWHERE);
  }

  @AfterEach
  void stop() {
    done(Future.all(ours.close(), theirs.close()));
  }

  private void listen(String address) {
    done(theirs.eventBus().consumer(address, message -> arrived.add(message.body())).completion());
  }

  /** What arrived at the other node before something that was sent after it. */
  private List<Object> arrivedUntilNow(String address) {
    ours.eventBus().publish(address, "the last");
    await().until(() -> arrived.contains("the last"));
    return arrived.stream().filter(message -> !message.equals("the last")).toList();
  }

  private String token() {
    return GivenToken.signed(ours, GivenConfig.keys(config), GivenConfig.ISSUER);
  }

  @Test
  void the_cluster_is_told_of_no_address_of_ours() {
    done(server.bus().verify(token()));
    done(server.bus().revoke(token()));
    assertThat(cluster.told()).extracting("address").contains("token.verify", "server.status");
    assertThat(cluster.told())
        .filteredOn(told -> !told.localOnly())
        .extracting("address")
        .containsExactly(ELSEWHERE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token.verify",
        "token.revoke",
        "session.upstream-token",
        "keys.jwks",
        "server.status",
        "upstream.default.begin",
        "upstream.default.refresh"
      })
  void another_node_finds_nobody_to_ask(String address) {
    assertThat(failed(theirs.eventBus().request(address, "question")))
        .isInstanceOfSatisfying(
            ReplyException.class,
            silence -> assertThat(silence.failureType()).isEqualTo(ReplyFailure.NO_HANDLERS));
  }

  @Test
  void another_node_finds_no_server() {
    assertThat(failed(new KeyturnOverBus(theirs, new BusNames("")).status()))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void news_stay_here() {
    listen("audit.event");
    done(server.bus().revoke(token()));
    assertThat(arrivedUntilNow("audit.event")).isEmpty();
  }

  @Test
  void a_key_does_not_leave_by_mistake() {
    assertThat(arrivedUntilNow(ELSEWHERE)).isEmpty();
    var key = GivenConfig.keys(config).signer();
    try {
      ours.eventBus().send(ELSEWHERE, key, new DeliveryOptions().setCodecName(CODEC));
    } catch (UnsupportedOperationException refused) {
      // Where the connection is there already, the codec is asked at once.
    }
    arrived.clear();
    assertThat(arrivedUntilNow(ELSEWHERE)).isEmpty();
  }

  @Test
  void a_key_does_not_leave_by_another_codec() {
    var key = GivenConfig.keys(config).signer();
    assertThatThrownBy(() -> ours.eventBus().send(ELSEWHERE, key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("No message codec");
  }
}
