package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenReplicas.NEVER;
import static dev.keyturn.upstream.GivenReplicas.OFTEN;
import static dev.keyturn.upstream.GivenReplicas.oidc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Secret;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.RegisteringProvider;
import dev.keyturn.upstream.GivenReplicas.Replica;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that comes to its end, or that the provider has forgotten, is followed in time. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EnrolmentRenewalTest {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Duration LATE = Duration.ofMinutes(46);

  private final MovedClock clock = new MovedClock();
  private RegisteringProvider provider;
  private GivenReplicas replicas;

  @BeforeEach
  void start(Vertx vertx) {
    provider = RegisteringProvider.start(vertx, clock);
    replicas = new GivenReplicas(vertx, clock);
  }

  /** Without RFC 7592. */
  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_client_whose_secret_ends {
    private Replica replica;

    @BeforeEach
    void register() {
      provider.desk.life = Optional.of(LIFE);
      replica = started();
    }

    @Test
    void is_followed_before() {
      clock.move(LATE);
      follows(replica, "client-2");
      replica.login(provider);
      told("registered", "replaced");
    }

    @Test
    void is_not_followed_much_before() {
      clock.move(Duration.ofMinutes(44));
      looks(replica);
      assertThat(provider.desk.registered).hasSize(1);
    }

    @Test
    void renews_what_it_was_given() {
      var login = replica.login(provider);
      clock.move(LATE);
      follows(replica, "client-2");
      assertThat(replica.refresh(login)).isInstanceOf(RefreshAnswer.Redeemed.class);
      assertThat(last(provider.tokenRequests)).isEqualTo("refresh_token of client-1");
    }

    @Test
    void what_it_was_given_is_judged_as_its_own() {
      var login = replica.login(provider);
      clock.move(LATE);
      follows(replica, "client-2");
      var fresh = ((RefreshAnswer.Redeemed) replica.refresh(login)).fresh();
      var generation = ClientGeneration.of("client-1");
      assertThat(Outcome.isGood(replica.upstream().validate(fresh, login.identity(), generation)))
          .isTrue();
    }

    @Test
    void finishes_the_logins_that_it_has_begun() {
      var begun = replica.begin();
      clock.move(LATE);
      follows(replica, "client-2");
      assertThat(replica.finish(begun, provider).client()).contains("client-1");
    }

    @Test
    void costs_no_login_while_it_is_followed() {
      clock.move(LATE);
      for (int i = 0; i < 50; i++) {
        replica.login(provider);
      }
      follows(replica, "client-2");
      assertThat(provider.tokenAnswers).containsOnly("ok");
    }

    @Test
    void goes_on_while_the_provider_registers_nobody() {
      provider.desk.error = Optional.of("access_denied");
      provider.desk.status = 403;
      clock.move(LATE);
      await().until(() -> replicas.news.contains("refused"));
      replica.login(provider);
      assertThat(replica.status().ready()).isTrue();
      assertThat(replica.status().reason().orElse("")).contains("access_denied");
    }

    @Test
    void begins_no_login_when_it_is_over() {
      provider.desk.error = Optional.of("access_denied");
      provider.desk.status = 403;
      clock.move(LIFE);
      await().until(() -> !replica.status().ready());
      provider.desk.error = Optional.empty();
      provider.desk.status = 201;
      follows(replica, "client-2");
    }

    @Test
    void is_told_once_to_be_refused_however_often_it_is() {
      provider.desk.error = Optional.of("access_denied");
      provider.desk.status = 403;
      clock.move(LATE);
      await().until(() -> replicas.news.contains("refused"));
      looks(replica);
      told("registered", "refused");
    }

    @Test
    void is_dropped_an_hour_after_its_end() {
      var login = replica.login(provider);
      clock.move(LATE);
      follows(replica, "client-2");
      clock.move(LIFE.plusMinutes(20));
      follows(replica, "client-3");
      assertThat(replica.refresh(login)).isEqualTo(new RefreshAnswer.Orphaned());
    }
  }

  /** RFC 7592, section 2.2. */
  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_client_that_looks_after_its_record {
    private Replica replica;

    @BeforeEach
    void register() {
      provider.desk.life = Optional.of(LIFE);
      provider.desk.manages = true;
      replica = started();
    }

    @Test
    void stays_the_same_with_another_secret() {
      clock.move(LATE);
      await().until(() -> replicas.news.contains("renewed"));
      assertThat(replica.login(provider).client()).contains("client-1");
      assertThat(provider.desk.registered).hasSize(1);
    }

    @Test
    void is_renewed_again_and_again() {
      for (int i = 1; i < 5; i++) {
        var times = i;
        clock.move(LATE);
        await().until(() -> provider.desk.updated.size() == times && replicas.news.size() > times);
        replica.login(provider);
      }
      told("registered", "renewed", "renewed", "renewed", "renewed");
    }

    @Test
    void goes_on_renewing_what_it_was_given() {
      var login = replica.login(provider);
      clock.move(LATE);
      await().until(() -> replicas.news.contains("renewed"));
      assertThat(replica.refresh(login)).isInstanceOf(RefreshAnswer.Redeemed.class);
    }

    @Test
    void a_replica_that_has_not_looked_learns_of_the_secret_when_the_old_one_is_refused() {
      var late = replicas.start(oidc(provider, ""), replicas.store, NEVER).ready();
      var begun = late.begin();
      clock.move(LATE);
      await().until(() -> replicas.news.contains("renewed"));
      late.finish(begun, provider);
      assertThat(provider.tokenAnswers).containsExactly("invalid_client", "ok");
    }

    @Test
    void a_replica_waits_for_one_that_is_about_to_write_the_new_secret_down() {
      var late = replicas.start(oidc(provider, ""), replicas.store, NEVER).ready();
      var begun = late.begin();
      provider.desk.gate.shut();
      clock.move(LATE);
      await().until(() -> provider.desk.gate.held() == 1);
      var finished =
          late.upstream().finish(GivenUpstream.answer(begun, provider.authorize(begun.location())));
      await().until(() -> provider.tokenAnswers.contains("invalid_client"));
      provider.desk.gate.open();
      assertThat(Outcome.isGood(finished)).isTrue();
    }

    @Test
    void is_followed_by_another_one_where_that_brings_no_time() {
      provider.desk.rotates = false;
      clock.move(LATE);
      follows(replica, "client-2");
      told("registered", "replaced");
    }

    @Test
    void is_followed_by_another_one_where_its_record_is_refused() {
      provider.desk.forget("client-1");
      clock.move(LATE);
      follows(replica, "client-2");
    }

    @Test
    void is_not_believed_to_be_another_one() {
      provider.desk.answer =
          record ->
              provider.desk.registered.size() > 1 ? record : record.put("client_id", "client-9");
      clock.move(LATE);
      await().until(() -> provider.desk.registered.size() > 1);
      assertThat(replica.client()).isNotEqualTo("client-9");
    }

    @Test
    void an_answer_that_is_lost_is_asked_for_when_the_secret_is_refused() {
      provider.desk.cuts = true;
      clock.move(LATE);
      await().until(() -> replicas.news.contains("away"));
      provider.desk.cuts = false;
      await()
          .until(() -> replicas.news.stream().anyMatch(List.of("renewed", "replaced")::contains));
      replica.login(provider);
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_client_that_the_provider_has_forgotten {
    private Replica replica;
    private UpstreamLogin login;

    @BeforeEach
    void forget() {
      replica = started();
      login = replica.login(provider);
    }

    @Test
    void is_followed_by_another_one() {
      clock.move(EnrolmentWork.AT_MOST_EVERY);
      provider.desk.forget("client-1");
      assertThat(replica.refresh(login)).isEqualTo(new RefreshAnswer.ClientRefused());
      follows(replica, "client-2");
      told("registered", "anew");
      replica.login(provider);
    }

    @Test
    void leaves_nothing_that_could_be_renewed() {
      clock.move(EnrolmentWork.AT_MOST_EVERY);
      provider.desk.forget("client-1");
      replica.refresh(login);
      follows(replica, "client-2");
      assertThat(replica.refresh(login)).isEqualTo(new RefreshAnswer.Orphaned());
      assertThat(provider.tokenRequests).hasSize(2);
    }

    @Test
    void is_not_followed_by_one_after_the_other() {
      clock.move(EnrolmentWork.AT_MOST_EVERY);
      provider.desk.forget("client-1");
      replica.refresh(login);
      follows(replica, "client-2");
      provider.desk.forget("client-2");
      for (int i = 0; i < 20; i++) {
        clientIsRefused();
      }
      looks(replica);
      assertThat(provider.desk.registered).hasSize(2);
      clock.move(EnrolmentWork.AT_MOST_EVERY);
      clientIsRefused();
      follows(replica, "client-3");
    }

    @Test
    void is_followed_once_by_all_replicas() {
      var all = List.of(started(), started(), replica);
      clock.move(EnrolmentWork.AT_MOST_EVERY);
      provider.desk.forget("client-1");
      all.forEach(one -> one.refresh(login));
      await().until(() -> all.stream().allMatch(one -> one.client().equals("client-2")));
      assertThat(provider.desk.registered).hasSize(2);
    }

    @Test
    void is_not_followed_where_only_the_grant_is_not_allowed() {
      clock.move(EnrolmentWork.AT_MOST_EVERY);
      provider.tokenError = Optional.of("unauthorized_client");
      assertThat(replica.refresh(login)).isEqualTo(new RefreshAnswer.ClientRefused());
      looks(replica);
      assertThat(provider.desk.registered).hasSize(1);
    }

    private void clientIsRefused() {
      var begun = new LoginBegun(URI.create("https://a.example"), replica.begin().terms());
      assertThat(Outcome.isGood(replica.upstream().finish(GivenUpstream.answer(begun, "code"))))
          .isFalse();
    }
  }

  /** RFC 7592, section 2.1. */
  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_client_whose_record_can_be_read {
    private Replica replica;
    private UpstreamLogin login;

    @BeforeEach
    void register() {
      provider.desk.manages = true;
      replica = started();
      login = replica.login(provider);
      clock.move(EnrolmentWork.AT_MOST_EVERY);
    }

    @Test
    void is_followed_where_it_is_not_there() {
      provider.desk.forget("client-1");
      replica.refresh(login);
      follows(replica, "client-2");
    }

    @Test
    void is_not_followed_where_it_is_there() {
      provider.tokenError = Optional.of("invalid_client");
      replica.refresh(login);
      await().until(() -> provider.desk.read.size() == 1);
      looks(replica);
      assertThat(provider.desk.registered).hasSize(1);
    }

    @Test
    void learns_of_a_secret_that_was_changed_there() {
      provider.desk.changeSecret("client-1");
      replica.refresh(login);
      await().until(() -> replicas.news.contains("renewed"));
      assertThat(replica.refresh(login)).isInstanceOf(RefreshAnswer.Redeemed.class);
      assertThat(provider.desk.registered).hasSize(1);
    }

    @Test
    void is_not_followed_while_its_record_cannot_be_read() {
      provider.desk.forget("client-1");
      provider.desk.recordsAway = true;
      replica.refresh(login);
      await().until(() -> replicas.news.contains("away"));
      assertThat(provider.desk.registered).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503})
    void is_not_followed_while_that_cannot_be_told(int status) {
      provider.desk.forget("client-1");
      provider.desk.error = Optional.of("x");
      provider.desk.status = status;
      replica.refresh(login);
      await().until(() -> replicas.news.contains("away"));
      provider.desk.error = Optional.empty();
      provider.desk.status = 201;
      follows(replica, "client-2");
      assertThat(provider.desk.registered).hasSize(2);
    }
  }

  @Test
  void a_registration_token_is_shown_to_nobody_but_the_provider_itself(Vertx vertx) {
    var stranger = RegisteringProvider.start(vertx, clock);
    provider.desk.life = Optional.of(LIFE);
    provider.desk.manages = true;
    provider.desk.answer =
        record -> record.put("registration_client_uri", stranger.url("/register/client-1"));
    var replica = started();
    clock.move(LATE);
    follows(replica, "client-2");
    assertThat(stranger.desk.requests).hasValue(0);
  }

  @Test
  void a_client_of_before_that_the_provider_does_not_know_is_forgotten() {
    provider.desk.life = Optional.of(LIFE);
    var replica = started();
    var login = replica.login(provider);
    clock.move(LATE);
    await().until(() -> replica.client().equals("client-2"));
    provider.desk.forget("client-1");
    assertThat(replica.refresh(login)).isEqualTo(new RefreshAnswer.ClientRefused());
    await().until(() -> replicas.news.contains("forgotten"));
    assertThat(replica.refresh(login)).isEqualTo(new RefreshAnswer.Orphaned());
    assertThat(replica.client()).isEqualTo("client-2");
  }

  @Test
  void a_client_of_before_that_the_provider_still_has_is_not_forgotten() {
    provider.desk.life = Optional.of(LIFE);
    provider.desk.manages = true;
    provider.desk.rotates = false;
    var replica = started();
    var login = replica.login(provider);
    clock.move(LATE);
    follows(replica, "client-2");
    provider.tokenError = Optional.of("invalid_client");
    replica.refresh(login);
    await().until(() -> provider.desk.read.contains("client-1"));
    provider.tokenError = Optional.empty();
    looks(replica);
    assertThat(replica.refresh(login)).isInstanceOf(RefreshAnswer.Redeemed.class);
  }

  @Test
  void a_client_that_the_provider_takes_again_is_not_followed() {
    var replica = started();
    var login = replica.login(provider);
    clock.move(EnrolmentWork.AT_MOST_EVERY);
    provider.desk.error = Optional.of("access_denied");
    provider.desk.status = 403;
    provider.tokenError = Optional.of("invalid_client");
    replica.refresh(login);
    await().until(() -> replicas.news.contains("refused"));
    provider.tokenError = Optional.empty();
    assertThat(replica.refresh(login)).isInstanceOf(RefreshAnswer.Redeemed.class);
    looks(replica);
    provider.desk.error = Optional.empty();
    provider.desk.status = 201;
    looks(replica);
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void the_record_is_written_anew_before_it_dies() {
    var replica = started();
    for (int i = 0; i < 10; i++) {
      clock.move(Duration.ofDays(100));
      looks(replica);
    }
    replica.stop();
    assertThat(started().client()).isEqualTo("client-1");
  }

  @Test
  void no_record_holds_more_than_eight_clients() {
    var record = EnrolmentRecord.NONE;
    for (int i = 0; i < 20; i++) {
      record = record.with(client("client-" + i), clock.instant());
    }
    assertThat(record.clients()).extracting(EnrolledClient::id).hasSize(8).contains("client-19");
  }

  @Test
  void nothing_prints_a_secret() {
    var client = client("client-1");
    var record = EnrolmentRecord.NONE.with(client, clock.instant());
    var words =
        List.of(client, record, client.credentials(), record.known("p", clock.instant()))
            .toString();
    assertThat(words).contains("client-1").doesNotContain("s3cr3t", "rat-1");
  }

  @Test
  void a_record_is_read_as_it_was_written() {
    var record = EnrolmentRecord.NONE.with(client("client-1"), clock.instant());
    assertThat(EnrolmentRecord.fromJson(new JsonObject(record.toJson().encode())))
        .isEqualTo(record);
  }

  private EnrolledClient client(String id) {
    return new EnrolledClient(
        new Credentials(
            id, Optional.of(new Secret("s3cr3t")), ClientAuthentication.CLIENT_SECRET_BASIC),
        "p",
        clock.instant(),
        Optional.of(clock.instant().plus(LIFE)),
        Optional.of(
            new EnrolledClient.Management(URI.create("https://a.example/r"), new Secret("rat-1"))));
  }

  private Replica started() {
    return replicas.start(oidc(provider, ""), replicas.store, OFTEN).ready();
  }

  private static void follows(Replica replica, String client) {
    await().until(() -> replica.status().ready() && replica.client().equals(client));
  }

  /** Until it has looked at the store a few times more. */
  private static void looks(Replica replica) {
    var seen = replica.store().reads.get();
    await().until(() -> replica.store().reads.get() > seen + 6);
  }

  private void told(String... outcomes) {
    await().untilAsserted(() -> assertThat(replicas.news).containsExactly(outcomes));
  }

  private static String last(List<String> list) {
    return list.get(list.size() - 1);
  }
}
