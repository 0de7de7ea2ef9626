package dev.keyturn.operator.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.operator.cluster.Requester;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReviewTest {
  private static final GivenReview GOOD = GivenReview.ofConfig();

  private static void refuses(String body, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Review.read(body.getBytes(StandardCharsets.UTF_8)))
        .withMessage(message);
  }

  private static String good() {
    return GOOD.json().encode();
  }

  @Test
  void has_the_uid_of_its_request() {
    assertThat(Review.read(GOOD.bytes()).uid()).isEqualTo(GOOD.uid());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "{\"a\": NaN}", "{'a': 1}"})
  void that_is_no_JSON_is_refused(String body) {
    refuses(body, body.isEmpty() ? ofAnotherKind() : "the body is no JSON that is read here");
  }

  @Test
  void with_a_field_twice_is_refused() {
    refuses(
        good().replace("\"uid\":\"705", "\"uid\":\"1\",\"uid\":\"705"),
        "the body is no JSON that is read here");
  }

  @Test
  void that_is_nested_without_end_is_refused() {
    refuses("[".repeat(100_000), "the body is no JSON that is read here");
  }

  @Test
  void is_as_deep_as_managed_fields_are() {
    var deep = "{\"f:a\":".repeat(40) + "{}" + "}".repeat(40);
    assertThat(
            Review.read(
                good()
                    .replace("\"f:spec\":{}", "\"f:spec\":" + deep)
                    .getBytes(StandardCharsets.UTF_8)))
        .isNotNull();
  }

  private static String ofAnotherKind() {
    return "the body must be an AdmissionReview of admission.k8s.io/v1";
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "1", "{}", "{\"kind\": \"AdmissionReview\"}"})
  void of_another_kind_is_refused(String body) {
    refuses(body, ofAnotherKind());
  }

  @Test
  void of_another_version_is_refused() {
    refuses(good().replace("admission.k8s.io/v1", "admission.k8s.io/v1beta1"), ofAnotherKind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "1", "null", "\"a b\"", "\"a\\nb\"", "{}"})
  void without_a_uid_cannot_be_answered(String uid) {
    refuses(good().replace("\"" + GOOD.uid() + "\"", uid), "the review has no request with a uid");
  }

  @Test
  void with_a_uid_without_end_cannot_be_answered() {
    refuses(good().replace(GOOD.uid(), "a".repeat(129)), "the review has no request with a uid");
  }

  @Nested
  class A_request {
    @Test
    void says_who_asks() {
      assertThat(GOOD.request().requester())
          .isEqualTo(
              new Requester(
                  "alice",
                  "u-1",
                  List.of("dev", "system:authenticated"),
                  Map.of("example.com/team", List.of("a"))));
    }

    @Test
    void may_come_from_somebody_of_whom_only_the_name_is_known() {
      var user = new JsonObject().put("username", "system:admin");
      assertThat(GOOD.with("userInfo", user).request().requester())
          .isEqualTo(new Requester("system:admin", "", List.of(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"operation, 1", "operation, EAT", "namespace, 1", "userInfo, {\"groups\":[1]}"})
    void with_a_part_of_another_kind_is_refused(String part, String value) {
      var wrong = GOOD.with(part, value.startsWith("{") ? new JsonObject(value) : number(value));
      assertThatIllegalArgumentException().isThrownBy(wrong::request);
    }

    private Object number(String value) {
      return value.equals("1") ? 1 : value;
    }
  }

  @Nested
  class Never_checked {
    private final JsonObject object = GOOD.object();

    private JsonObject metadata(String field, Object value) {
      var changed = object.copy();
      changed.getJsonObject("metadata").put(field, value);
      return changed;
    }

    @Test
    void is_a_deletion() {
      var deletion = GOOD.with("operation", "DELETE").with("oldObject", object);
      assertThat(deletion.with("object", null).request().isNeverChecked()).isTrue();
    }

    @Test
    void is_a_change_of_labels() {
      var before = metadata("labels", new JsonObject().put("a", "b"));
      assertThat(GOOD.updating(before).request().isNeverChecked()).isTrue();
    }

    @Test
    void is_the_removal_of_a_finalizer() {
      var before = metadata("finalizers", GivenReview.texts("keyturn.dev/in-use"));
      assertThat(GOOD.updating(before).request().isNeverChecked()).isTrue();
    }

    @Test
    void is_a_change_of_the_status() {
      var before = object.copy().put("status", new JsonObject().put("configHash", "x"));
      assertThat(GOOD.updating(before).request().isNeverChecked()).isTrue();
    }

    @Test
    void is_a_part_of_its_own() {
      assertThat(GOOD.with("subResource", "status").request().isNeverChecked()).isTrue();
    }

    @Test
    void is_what_is_being_deleted() {
      var before = metadata("deletionTimestamp", "2026-11-25T12:00:00Z");
      before.getJsonObject("spec").getJsonObject("bearerToken").remove("tokenSecretRef");
      assertThat(GOOD.updating(before).request().isNeverChecked()).isTrue();
    }

    @Test
    void is_not_what_only_says_that_it_is_being_deleted() {
      var made = GOOD.with("object", metadata("deletionTimestamp", "2026-11-25T12:00:00Z"));
      assertThat(made.request().isNeverChecked()).isFalse();
    }

    @Test
    void is_not_a_change_of_the_specification() {
      var before = object.copy();
      before.getJsonObject("spec").getJsonObject("bearerToken").remove("tokenSecretRef");
      assertThat(GOOD.updating(before).request().isNeverChecked()).isFalse();
    }

    @Test
    void is_not_what_is_made() {
      assertThat(GOOD.request().isNeverChecked()).isFalse();
    }
  }
}
