package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Secret;
import dev.keyturn.given.Outcome;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientSecretsTest {
  private static final Answer TOKENS = json(200, "{\"access_token\":\"a\"}");
  private static final Answer STRANGER = json(401, "{\"error\":\"invalid_client\"}");

  private final MovedClock clock = new MovedClock();
  private final List<ClientProof.Outcome> told = new ArrayList<>();
  private final List<String> sent = new ArrayList<>();
  private final Set<String> known = new HashSet<>(Set.of("one"));
  private final ClientSecrets secrets =
      new ClientSecrets("hub", of("one"), clock, proof -> told.add(proof.outcome()));

  @Test
  void the_next_request_uses_the_new_one() {
    secrets.change(of("two"));
    known.add("two");
    ask();
    assertThat(sent).containsExactly("two");
  }

  @Test
  void the_previous_one_is_tried_where_the_provider_does_not_know_the_new_one() {
    secrets.change(of("two"));
    assertThat(ask()).isSameAs(TOKENS);
    assertThat(sent).containsExactly("two", "one");
  }

  @Test
  void the_previous_one_is_tried_once() {
    secrets.change(of("two"));
    known.clear();
    ask();
    assertThat(sent).containsExactly("two", "one");
  }

  @Test
  void the_refusal_of_the_new_one_is_the_answer_where_both_are_refused() {
    secrets.change(of("two"));
    known.clear();
    assertThat(ask()).isSameAs(STRANGER);
  }

  @Test
  void without_a_previous_one_a_refusal_is_a_refusal() {
    known.clear();
    assertThat(ask()).isSameAs(STRANGER);
    assertThat(sent).hasSize(1);
  }

  @Test
  void the_previous_one_is_forgotten_ten_minutes_after_the_new_one_has_worked() {
    settled();
    clock.move(Duration.ofMinutes(10));
    known.remove("two");
    assertThat(ask()).isSameAs(STRANGER);
  }

  @Test
  void a_provider_that_learns_the_new_one_at_one_place_before_the_other_is_borne_with() {
    settled();
    clock.move(Duration.ofMinutes(10).minusSeconds(1));
    known.remove("two");
    assertThat(ask()).isSameAs(TOKENS);
  }

  @Test
  void a_request_that_was_refused_just_before_the_provider_learned_is_repeated_with_the_new_one() {
    secrets.change(of("two"));
    var answer = Promise.<Answer>promise();
    var asked = send(answer.future());
    known.clear();
    known.add("two");
    ask();
    answer.complete(STRANGER);
    assertThat(Outcome.of(asked)).isSameAs(TOKENS);
  }

  @Test
  void a_refused_code_does_not_show_that_the_new_one_works() {
    secrets.change(of("two"));
    send(Future.succeededFuture(json(400, "{\"error\":\"invalid_grant\"}")));
    assertThat(ask()).isSameAs(TOKENS);
  }

  @Test
  void the_previous_one_is_remembered_for_a_day() {
    secrets.change(of("two"));
    clock.move(Duration.ofHours(24).minusSeconds(1));
    assertThat(ask()).isSameAs(TOKENS);
  }

  @Test
  void the_previous_one_is_forgotten_after_a_day() {
    secrets.change(of("two"));
    clock.move(Duration.ofHours(24));
    assertThat(ask()).isSameAs(STRANGER);
  }

  @Test
  void of_quick_changes_the_last_one_that_worked_is_the_previous_one() {
    ask();
    secrets.change(of("two"));
    secrets.change(of("three"));
    assertThat(ask()).isSameAs(TOKENS);
    assertThat(sent).containsExactly("one", "three", "one");
  }

  @Test
  void a_change_that_is_taken_back_leaves_no_trace() {
    secrets.change(of("two"));
    secrets.change(of("one"));
    ask();
    assertThat(sent).containsExactly("one");
  }

  @Test
  void the_same_again_is_no_change() {
    secrets.change(of("two"));
    secrets.change(of("two"));
    assertThat(ask()).isSameAs(TOKENS);
  }

  @Test
  void another_way_to_prove_it_is_a_change_too() {
    secrets.change(
        new Credentials(
            "keyturn", Optional.of(new Secret("one")), ClientAuthentication.CLIENT_SECRET_BASIC));
    var ways = new ArrayList<ClientAuthentication>();
    Outcome.of(
        secrets.prove(
            "keyturn",
            who -> {
              ways.add(who.authentication());
              return Future.succeededFuture(STRANGER);
            }));
    assertThat(ways)
        .containsExactly(
            ClientAuthentication.CLIENT_SECRET_BASIC, ClientAuthentication.CLIENT_SECRET_POST);
  }

  @Test
  void a_request_under_way_is_repeated_with_the_new_one() {
    var answer = Promise.<Answer>promise();
    var asked = send(answer.future());
    secrets.change(of("two"));
    known.clear();
    known.add("two");
    answer.complete(STRANGER);
    assertThat(Outcome.of(asked)).isSameAs(TOKENS);
  }

  @Test
  void a_late_success_of_the_previous_one_does_not_say_that_the_new_one_is_unknown() {
    var answer = Promise.<Answer>promise();
    var asked = send(answer.future());
    secrets.change(of("two"));
    answer.complete(TOKENS);
    Outcome.of(asked);
    assertThat(told).containsExactly(ClientProof.Outcome.ACCEPTED);
  }

  @Test
  void a_late_success_makes_a_skipped_one_the_previous_one() {
    secrets.change(of("two"));
    var answer = Promise.<Answer>promise();
    send(answer.future());
    secrets.change(of("three"));
    answer.complete(TOKENS);
    known.clear();
    known.add("two");
    assertThat(ask()).isSameAs(TOKENS);
  }

  @ParameterizedTest
  @CsvSource({
    "401,invalid_client,true",
    "400,invalid_client,true",
    "200,invalid_client,true",
    "400,unauthorized_client,true",
    "200,incorrect_client_credentials,true",
    "401,invalid_grant,false",
    "400,invalid_request,false",
    "500,invalid_client,false",
    "503,invalid_client,false"
  })
  void only_an_answer_about_the_client_is_a_reason(int status, String error, boolean again) {
    secrets.change(of("two"));
    send(Future.succeededFuture(json(status, "{\"error\":\"" + error + "\"}")));
    assertThat(sent).hasSize(again ? 2 : 1);
  }

  @Test
  void outcomes_are_told() {
    ask();
    secrets.change(of("two"));
    ask();
    known.clear();
    ask();
    assertThat(told)
        .containsExactly(
            ClientProof.Outcome.ACCEPTED,
            ClientProof.Outcome.PREVIOUS_ACCEPTED,
            ClientProof.Outcome.REFUSED);
  }

  @Test
  void a_login_of_the_client_that_we_were_can_be_finished_for_ten_minutes() {
    secrets.change(other("other"));
    clock.move(Duration.ofMinutes(10).minusSeconds(1));
    assertThat(secrets.canProve("keyturn")).isTrue();
  }

  @Test
  void after_ten_minutes_no_login_of_the_client_that_we_were_is_on_its_way() {
    secrets.change(other("other"));
    clock.move(Duration.ofMinutes(10));
    assertThat(secrets.canProve("keyturn")).isFalse();
  }

  @Test
  void the_client_that_we_were_is_never_the_other_proof() {
    secrets.change(other("other"));
    known.clear();
    secrets.prove("other", this::answer);
    assertThat(sent).containsExactly("other");
  }

  @Test
  void an_heir_knows_the_previous_one() {
    var heir = secrets.heirWith(of("two"));
    assertThat(Outcome.of(heir.prove("keyturn", this::answer))).isSameAs(TOKENS);
  }

  @Test
  void an_heir_changes_nothing_for_whom_it_inherits_from() {
    secrets.heirWith(of("two"));
    ask();
    assertThat(sent).containsExactly("one");
  }

  @Test
  void no_secret_is_shown() {
    assertThat(of("one").toString()).doesNotContain("one");
  }

  private void settled() {
    secrets.change(of("two"));
    known.add("two");
    ask();
  }

  private Answer ask() {
    return Outcome.of(secrets.prove("keyturn", this::answer));
  }

  /** Sends a request whose first try is answered by {@code first}. */
  private Future<Answer> send(Future<Answer> first) {
    var before = sent.size();
    return secrets.prove(
        "keyturn",
        who -> {
          var later = answer(who);
          return sent.size() == before + 1 ? first : later;
        });
  }

  private Future<Answer> answer(Credentials who) {
    var secret = who.secret().orElseThrow().value();
    sent.add(secret);
    return Future.succeededFuture(known.contains(secret) ? TOKENS : STRANGER);
  }

  private static Credentials of(String secret) {
    return new Credentials(
        "keyturn", Optional.of(new Secret(secret)), ClientAuthentication.CLIENT_SECRET_POST);
  }

  private static Credentials other(String client) {
    return new Credentials(
        client, Optional.of(new Secret(client)), ClientAuthentication.CLIENT_SECRET_POST);
  }

  private static Answer json(int status, String body) {
    return new Answer(status, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer(body));
  }
}
