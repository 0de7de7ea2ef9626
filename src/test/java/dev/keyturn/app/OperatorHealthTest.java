package dev.keyturn.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.operator.reconcile.Sight;
import dev.keyturn.server.Health;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** When an operator takes reviews, and what it tells of its reconciler. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OperatorHealthTest {
  private static final List<String> BEHIND = List.of("pods (the API server answers 403)");

  private static Health admission(boolean ready) {
    return new Health() {
      @Override
      public boolean isReady() {
        return ready;
      }

      @Override
      public boolean hasStarted() {
        return true;
      }

      @Override
      public JsonObject toJson() {
        return new JsonObject().put("ready", ready);
      }
    };
  }

  private static OperatorHealth with(boolean leads, boolean blind) {
    return new OperatorHealth(
        admission(true), Optional.of(() -> new Sight("one", leads, leads, BEHIND, blind)));
  }

  @Test
  void it_is_ready_without_a_reconciler() {
    assertThat(new OperatorHealth(admission(true), Optional.empty()).isReady()).isTrue();
  }

  @Test
  void it_is_ready_when_another_leads() {
    assertThat(with(false, false).isReady()).isTrue();
  }

  @Test
  void it_is_not_ready_when_it_leads_and_is_blind() {
    var health = with(true, true);
    assertThat(health.isReady()).isFalse();
    assertThat(health.toJson().getBoolean("ready")).isFalse();
    assertThat(health.toJson().encode()).contains(BEHIND.get(0));
  }

  @Test
  void it_is_ready_while_it_may_pass_and_tells_of_it() {
    assertThat(with(true, false).isReady()).isTrue();
    assertThat(with(true, false).toJson().encode()).contains(BEHIND.get(0));
  }

  @Test
  void it_is_not_ready_when_no_review_is_answered() {
    var health =
        new OperatorHealth(
            admission(false), Optional.of(() -> new Sight("one", true, true, List.of(), false)));
    assertThat(health.isReady()).isFalse();
  }
}
