package dev.keyturn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What is read of the answer of a pod, which may be anybody's. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadedTest {
  private static JsonObject key(String kind, String id, String state) {
    return new JsonObject().put("kind", kind).put("id", id).put("state", state);
  }

  private static JsonObject answer() {
    return new JsonObject().put("revision", "r1").put("fingerprint", "f1");
  }

  @Test
  void only_signing_keys_that_are_published_are_told() {
    var keys =
        new JsonArray()
            .add(key("signing", "k1", "signing"))
            .add(key("hmac", "h1", "signing"))
            .add(key("signing", "k2", "revoked"));
    assertThat(Loaded.of(answer().put("keys", keys)).keys())
        .extracting(one -> one.kid())
        .containsExactly("k1");
  }

  @Test
  void no_more_than_32_keys_are_told() {
    var keys = new JsonArray();
    for (int i = 0; i < 1_000; i++) {
      keys.add(key("signing", "k" + i, "published"));
    }
    assertThat(Loaded.of(answer().put("keys", keys)).keys()).hasSize(32);
  }

  @Test
  void long_texts_are_cut_and_have_no_control_characters() {
    var refused = new JsonArray().add("a\nb" + "x".repeat(100_000));
    assertThat(Loaded.of(answer().put("refused", refused)).refused())
        .singleElement()
        .asString()
        .startsWith("a b")
        .hasSize(203);
  }

  @Test
  void what_is_of_another_kind_is_a_failure() {
    assertThatThrownBy(() -> Loaded.of(answer().put("keys", "none")))
        .isInstanceOf(ClassCastException.class);
  }

  @Test
  void a_pod_that_waits_for_a_restart_is_not_up_to_date() {
    var pending = new JsonArray().add("storage");
    var status = Loaded.of(answer().put("pending_restart", pending)).status("pod-a", "r1");
    assertThat(status.upToDate()).isFalse();
    assertThat(status.reason()).contains("waits for a restart: storage");
  }
}
