package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Wire;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Somebody registers ten thousand clients, and nothing but the quota is in the way. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RegistrationFloodIT {
  private static final int MANY = 10_000;
  private static final int AN_HOUR = 60;
  private static final String SAME = "{\"redirect_uris\":[\"http://localhost/callback\"]}";

  private final Wire wire = new Wire();
  private static Flow flow;

  @BeforeAll
  static void start() {
    flow = Flow.started(Plan.USUAL.with("rate_limits: {enabled: false}"));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  private int register(String metadata) {
    return wire.postJson(flow.url("/oauth/register"), Map.of(), metadata).status();
  }

  private long admitted(IntFunction<String> metadata) {
    return IntStream.range(0, MANY)
        .mapToObj(metadata)
        .filter(text -> register(text) == 201)
        .count();
  }

  @Test
  void neither_store_nor_honest_clients_feel_it() {
    var client = flow.client();
    var tokens = client.connect(flow.alice());
    var before = flow.store().size();

    var admitted = admitted(i -> SAME.replace("}", ",\"client_name\":\"Flood %d\"}".formatted(i)));

    assertThat(admitted).isLessThanOrEqualTo(AN_HOUR);
    assertThat(flow.store().size() - before).isLessThanOrEqualTo(AN_HOUR + 2);
    assertThat(client.refresh(tokens.text("refresh_token")).status()).isEqualTo(200);
    assertThat(McpClient.registered(flow, "http://127.0.0.1:33418/callback").id())
        .as("who is known may register again from the flooder's own address")
        .isEqualTo(client.id());
  }
}
