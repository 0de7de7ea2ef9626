package dev.keyturn.operator.admission;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.operator.admission.GivenRulebook.FIELD;
import static dev.keyturn.operator.admission.GivenRulebook.remark;
import static dev.keyturn.operator.admission.GivenRulebook.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Patience;
import dev.keyturn.operator.admission.Verdict.Outcome;
import dev.keyturn.operator.cluster.ApiServer;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import dev.keyturn.operator.rules.Reference;
import dev.keyturn.operator.rules.Reference.Kind;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdmissionTest {
  private static final GivenReview CONFIG = GivenReview.ofConfig();

  @TempDir private Path account;

  private final Vertx vertx = Vertx.vertx();
  private final GivenCertificate certificate = GivenCertificate.good();
  private final FakeKubernetes kubernetes = FakeKubernetes.start(vertx, certificate);
  private final GivenRulebook rules = new GivenRulebook();

  @BeforeEach
  void mount() {
    FakeKubernetes.account(account, FakeKubernetes.TOKEN, certificate);
    rules.references.add(secret("out"));
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private Admission admission(String... namespaces) {
    var api = new ApiServer(vertx, new Pod("127.0.0.1", kubernetes.port(), account));
    return new Admission(vertx, api, rules, Set.of(namespaces));
  }

  private Verdict judge(GivenReview review) {
    return done(admission().judge(review.request(), Patience.LONG));
  }

  private void says(Remark... remarks) {
    rules.verdict = around -> List.of(remarks);
  }

  @Test
  void what_is_fine_is_allowed_without_a_word() {
    assertThat(judge(CONFIG)).isEqualTo(new Verdict(Outcome.ALLOWED, "", List.of()));
  }

  @Test
  void what_is_wrong_is_refused_with_field_and_remedy() {
    says(remark(Weight.REFUSED, "names an empty token", "write one into out"));
    assertThat(judge(CONFIG))
        .isEqualTo(
            new Verdict(
                Outcome.INVALID, FIELD + " names an empty token: write one into out", List.of()));
  }

  @Test
  void everything_that_is_wrong_is_told_at_once() {
    says(remark(Weight.REFUSED, "is one", ""), remark(Weight.REFUSED, "is two", ""));
    assertThat(judge(CONFIG).message()).isEqualTo(FIELD + " is one\n" + FIELD + " is two");
  }

  @Test
  void what_waits_for_something_is_allowed_with_a_warning() {
    says(remark(Weight.PENDING, "names Secret out, which is not there", ""));
    assertThat(judge(CONFIG))
        .isEqualTo(
            new Verdict(
                Outcome.ALLOWED, "", List.of(FIELD + " names Secret out, which is not there")));
  }

  @Test
  void what_somebody_should_know_is_a_warning_beside_a_refusal() {
    says(remark(Weight.NOTE, "is not supported yet", ""), remark(Weight.REFUSED, "is bad", ""));
    assertThat(judge(CONFIG))
        .isEqualTo(
            new Verdict(
                Outcome.INVALID, FIELD + " is bad", List.of(FIELD + " is not supported yet")));
  }

  @Test
  void a_remark_about_another_resource_names_it() {
    says(new Remark(Weight.REFUSED, "MCPServer/issues", "spec.replicas", "must be 1", ""));
    assertThat(judge(CONFIG).message()).isEqualTo("MCPServer/issues spec.replicas must be 1");
  }

  @Test
  void a_word_without_end_is_cut() {
    says(remark(Weight.NOTE, "x\n".repeat(2000), ""));
    assertThat(judge(CONFIG).warnings().get(0)).hasSize(1004).doesNotContain("\n");
  }

  @Test
  void words_without_end_are_counted() {
    rules.verdict =
        around ->
            IntStream.range(0, 100).mapToObj(i -> remark(Weight.REFUSED, "is " + i, "")).toList();
    assertThat(judge(CONFIG).message()).endsWith("is 15\nand 84 more");
  }

  @Test
  void the_rules_see_what_stands_around() {
    kubernetes.secret("ns", "out", "token", "s3cret");
    kubernetes.put("ns", "mcpexternalauthconfigs", "in", GivenReview.config("in"));
    kubernetes.put("ns", "mcpservers", "issues", GivenReview.ofServer().object());
    kubernetes.put("ns", "configmaps", "ca", new JsonObject("{\"data\": {\"ca.crt\": \"pem\"}}"));
    rules.references.add(new Reference(Kind.CONFIG_MAP, "ca", Optional.of("ca.crt"), "spec"));
    judge(CONFIG);
    var around = rules.asked.get(0);
    assertThat(around.secret("ns", "out").orElseThrow().get("token"))
        .asString()
        .isEqualTo("s3cret");
    assertThat(around.configMap("ns", "ca")).isPresent();
    assertThat(around.config("ns", "in")).isPresent();
    assertThat(around.servers("ns")).hasSize(1);
  }

  @Test
  void the_rules_see_the_config_maps_of_other_servers() {
    var server = GivenReview.ofServer().object();
    server
        .getJsonObject("spec")
        .put(
            "oidcConfig",
            new JsonObject(
                """
                {"type": "configMap", "configMap": {"name": "audience", "key": "oidc.yaml"}}
                """));
    kubernetes.put("ns", "mcpservers", "issues", server);
    kubernetes.put("ns", "configmaps", "audience", new JsonObject("{\"data\": {\"a\": \"b\"}}"));
    judge(CONFIG);
    assertThat(rules.asked.get(0).configMap("ns", "audience")).isPresent();
  }

  @Test
  void the_rules_see_nothing_of_another_namespace() {
    kubernetes.secret("ns", "out", "token", "s3cret");
    judge(CONFIG);
    var around = rules.asked.get(0);
    assertThat(around.secret("other", "out")).isEmpty();
    assertThat(around.configs("other")).isEmpty();
    assertThat(around.servers("other")).isEmpty();
    assertThat(around.configMap("other", "ca")).isEmpty();
  }

  @Test
  void what_stands_around_is_not_printed() {
    kubernetes.secret("ns", "out", "token", "s3cret");
    judge(CONFIG);
    assertThat(rules.asked.get(0)).hasToString("Around[ns]");
  }

  @Test
  void a_server_is_judged_too() {
    judge(GivenReview.ofServer());
    assertThat(rules.asked).hasSize(1);
  }

  @Test
  void a_dry_run_is_judged_as_everything_else() {
    says(remark(Weight.REFUSED, "is bad", ""));
    assertThat(judge(CONFIG.with("dryRun", true)).outcome()).isEqualTo(Outcome.INVALID);
  }

  @Test
  void nothing_is_written() {
    judge(CONFIG);
    assertThat(kubernetes.calls)
        .containsExactlyInAnyOrder(
            "create subjectaccessreviews",
            "get secrets",
            "list mcpexternalauthconfigs",
            "list mcpservers");
  }

  @Nested
  class A_requester_without_the_right_to_a_Secret {
    @BeforeEach
    void hide() {
      kubernetes.hidden.add("out");
    }

    @Test
    void may_not_reference_it() {
      assertThat(judge(CONFIG))
          .isEqualTo(
              new Verdict(
                  Outcome.FORBIDDEN,
                  FIELD + " you may not reference Secret out: it takes the right to get it",
                  List.of()));
    }

    @Test
    void hears_the_same_whether_it_is_there_or_not() {
      var missing = judge(CONFIG);
      kubernetes.secret("ns", "out", "token", "s3cret");
      assertThat(judge(CONFIG)).isEqualTo(missing);
    }

    @Test
    void makes_nobody_look_into_it() {
      judge(CONFIG);
      assertThat(kubernetes.calls).containsExactly("create subjectaccessreviews");
      assertThat(rules.asked).isEmpty();
    }

    @Test
    void hears_of_each_that_is_hidden_and_of_no_other() {
      rules.references.add(secret("other"));
      rules.references.add(secret("third"));
      kubernetes.hidden.add("third");
      assertThat(judge(CONFIG).message().lines())
          .containsExactly(
              FIELD + " you may not reference Secret out: it takes the right to get it",
              FIELD + " you may not reference Secret third: it takes the right to get it");
    }

    @Test
    void may_change_what_is_never_checked() {
      var before = CONFIG.object();
      before.getJsonObject("metadata").put("finalizers", GivenReview.texts("a"));
      assertThat(judge(CONFIG.updating(before)).outcome()).isEqualTo(Outcome.UNCHECKED);
      assertThat(kubernetes.calls).isEmpty();
    }
  }

  @Nested
  class A_doubt_is_a_refusal {
    private void refuses(String because) {
      assertThat(judge(CONFIG))
          .isEqualTo(
              new Verdict(
                  Outcome.UNAVAILABLE,
                  "Keyturn could not judge it: " + because + ": nothing was stored; try again",
                  List.of()));
    }

    @Test
    void where_nobody_says_who_may_see_a_Secret() {
      kubernetes.statuses.put("subjectaccessreviews", 500);
      refuses("the API server answered 500");
      assertThat(kubernetes.calls).containsExactly("create subjectaccessreviews");
    }

    @Test
    void where_we_may_not_ask() {
      kubernetes.statuses.put("subjectaccessreviews", 403);
      refuses("our service account may not create subjectaccessreviews: grant that (403)");
    }

    @ParameterizedTest
    @CsvSource({
      "/secrets/, our service account may not get Secret out in namespace ns: grant that (403)",
      "/mcpservers, our service account may not list mcpservers in namespace ns: grant that (403)"
    })
    void where_we_may_not_look(String path, String words) {
      kubernetes.statuses.put(path, 403);
      refuses(words);
    }

    @Test
    void where_the_API_server_is_away() {
      kubernetes.stop();
      refuses("the API server cannot be reached");
    }

    @Test
    void where_the_API_server_takes_too_long() {
      kubernetes.silent.add("/mcpservers");
      var verdict = done(admission().judge(CONFIG.request(), Duration.ofMillis(300)));
      assertThat(verdict.message()).contains("the API server did not answer in time");
    }

    @Test
    void where_a_name_is_none() {
      rules.references.clear();
      rules.references.add(secret("../../../api/v1/namespaces/kube-system/secrets/x"));
      refuses("nothing in a cluster can have the name that was given");
    }
  }

  @Nested
  class What_is_none_of_our_business {
    @Test
    void is_allowed_and_the_webhook_is_said_to_be_too_wide() {
      assertThat(judge(CONFIG.to("apps", "v1", "deployments")))
          .isEqualTo(
              Verdict.unchecked(
                  "Keyturn judges keyturn.dev only: narrow the rules of its webhook"));
    }

    @Test
    void is_a_namespace_that_nobody_watches() {
      assertThat(done(admission("other").judge(CONFIG.request(), Patience.LONG)).outcome())
          .isEqualTo(Outcome.UNCHECKED);
      assertThat(kubernetes.calls).isEmpty();
    }

    @Test
    void is_not_one_that_is_watched() {
      says(remark(Weight.REFUSED, "is bad", ""));
      assertThat(done(admission("ns").judge(CONFIG.request(), Patience.LONG)).outcome())
          .isEqualTo(Outcome.INVALID);
    }
  }

  @Nested
  class What_we_do_not_understand {
    private void refuses(GivenReview review, String words) {
      var verdict = judge(review);
      assertThat(verdict.outcome()).isEqualTo(Outcome.INVALID);
      assertThat(verdict.message()).contains(words);
      assertThat(kubernetes.calls).isEmpty();
    }

    @Test
    void is_refused_as_another_version() {
      refuses(
          CONFIG.to("keyturn.dev", "v2", "mcpservers"),
          "this Keyturn does not understand it: it knows keyturn.dev/v1beta1 only");
    }

    @Test
    void is_refused_as_another_kind() {
      refuses(
          CONFIG.to("keyturn.dev", "v1beta1", "mcptomorrows"),
          "this Keyturn does not understand it: it knows no mcptomorrows");
    }

    @Test
    void is_refused_with_the_field() {
      var object = CONFIG.object();
      object.getJsonObject("spec").put("tomorrow", 1);
      refuses(CONFIG.with("object", object), "tomorrow");
    }

    @Test
    void is_refused_where_it_names_more_than_can_be_asked_for() {
      IntStream.range(0, 100).forEach(i -> rules.references.add(secret("s" + i)));
      refuses(CONFIG, "it names more than 100 Secrets and ConfigMaps");
    }
  }
}
