package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenReplicas.NEVER;
import static dev.keyturn.upstream.GivenReplicas.OFTEN;
import static dev.keyturn.upstream.GivenReplicas.oauth2;
import static dev.keyturn.upstream.GivenReplicas.oidc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.given.DelegatingStore;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.RegisteringProvider;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.upstream.GivenReplicas.Replica;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All replicas are one client, whichever of them registered it. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EnrolmentClusterTest {
  private final MovedClock clock = new MovedClock();
  private RegisteringProvider provider;
  private GivenReplicas replicas;

  @BeforeEach
  void start(Vertx vertx) {
    provider = RegisteringProvider.start(vertx, clock);
    replicas = new GivenReplicas(vertx, clock);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void those_who_start_together_register_once(int count) {
    var all = started(count);
    all.forEach(Replica::ready);
    assertThat(provider.desk.registered).hasSize(1);
    assertThat(all).extracting(Replica::client).containsOnly("client-1");
  }

  @Test
  void whoever_waits_for_another_one_does_not_give_up() {
    provider.desk.gate.shut();
    var all = started(2);
    await().until(() -> provider.desk.gate.held() == 1);
    var waiting = all.stream().map(one -> one.upstream().requireReady()).toList();
    provider.desk.gate.open();
    assertThat(waiting).allMatch(Outcome::isGood);
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void a_login_that_began_at_one_is_finished_at_another_one_that_has_not_looked() {
    provider.desk.life = Optional.of(Duration.ofHours(1));
    var late = started(NEVER).ready();
    var early = started(OFTEN).ready();
    clock.move(Duration.ofMinutes(50));
    await().until(() -> early.client().equals("client-2"));
    assertThat(late.client()).isEqualTo("client-1");
    assertThat(late.finish(early.begin(), provider).client()).contains("client-2");
  }

  @Test
  void tokens_of_a_client_that_another_one_registered_are_renewed_where_nobody_has_looked() {
    provider.desk.life = Optional.of(Duration.ofHours(1));
    var late = started(NEVER).ready();
    var early = started(OFTEN).ready();
    clock.move(Duration.ofMinutes(50));
    await().until(() -> early.client().equals("client-2"));
    assertThat(late.refresh(early.login(provider))).isInstanceOf(RefreshAnswer.Redeemed.class);
  }

  @Test
  void each_learns_soon_of_a_client_that_another_one_registered() {
    provider.desk.life = Optional.of(Duration.ofHours(1));
    var all = started(3);
    all.forEach(Replica::ready);
    clock.move(Duration.ofMinutes(50));
    await().until(() -> all.stream().allMatch(one -> one.client().equals("client-2")));
    assertThat(provider.desk.registered).hasSize(2);
  }

  @Test
  void one_that_dies_at_work_is_followed_when_its_lease_has_ended() {
    provider.desk.gate.shut();
    var dead = started(OFTEN);
    await().until(() -> provider.desk.gate.held() == 1);
    dead.kill();
    provider.desk.gate.open();
    var heir = started(OFTEN);
    clock.move(Enrolments.LEASE);
    assertThat(heir.ready().client()).isEqualTo("client-2");
  }

  @Test
  void one_that_has_lost_its_lease_takes_the_client_of_the_one_that_was_faster() {
    provider.desk.gate.shut();
    var slow = startedPatiently();
    await().until(() -> provider.desk.gate.held() == 1);
    clock.move(Enrolments.LEASE);
    var fast = startedPatiently();
    await().until(() -> provider.desk.gate.held() == 2);
    provider.desk.gate.letGo(1);
    assertThat(fast.ready().client()).isEqualTo("client-2");
    provider.desk.gate.letGo(0);
    assertThat(slow.ready().client()).isEqualTo("client-2");
    assertThat(startedPatiently().ready().client()).isEqualTo("client-2");
  }

  private Replica startedPatiently() {
    return replicas.start(oidc(provider, ", answer_timeout: 15s", ""));
  }

  @Test
  void while_the_lease_of_a_dead_one_lives_nobody_registers() {
    provider.desk.gate.shut();
    var dead = started(OFTEN);
    await().until(() -> provider.desk.gate.held() == 1);
    dead.kill();
    var heir = started(OFTEN);
    assertThat(Outcome.isGood(heir.upstream().requireReady())).isFalse();
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void nobody_registers_who_could_not_write_it_down() {
    var store = new Failing(replicas.store);
    store.away = true;
    var replica = replicas.start(oauth2(provider, endpoint()), store, OFTEN);
    await().until(() -> replica.status().isTried());
    assertThat(provider.desk.registered).isEmpty();
    store.away = false;
    assertThat(replica.ready().client()).isEqualTo("client-1");
  }

  @Test
  void a_client_that_could_not_be_written_down_is_not_registered_twice() {
    var store = new Failing(replicas.store);
    store.writesFail = true;
    var replica = replicas.start(oauth2(provider, endpoint()), store, OFTEN);
    await().until(() -> store.failed.get() > 10);
    assertThat(replica.status().ready()).isFalse();
    store.writesFail = false;
    replica.ready();
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void a_write_whose_answer_is_lost_is_seen_by_reading() {
    var store = new Failing(replicas.store);
    store.answersAreLost = true;
    replicas.start(oauth2(provider, endpoint()), store, OFTEN).ready();
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void what_the_store_has_lost_it_is_told_again() {
    var replica = started(OFTEN).ready();
    forgetRecords();
    await().until(() -> isThere());
    assertThat(started(OFTEN).ready().client()).isEqualTo("client-1");
    assertThat(replica.client()).isEqualTo("client-1");
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void a_record_under_a_key_that_is_on_its_way_is_waited_for() {
    started(OFTEN).ready();
    var stranger = withOtherKeys();
    await().until(() -> stranger.status().isTried());
    assertThat(stranger.status().ready()).isFalse();
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void a_record_under_a_key_that_never_comes_counts_as_none() {
    started(OFTEN).ready().stop();
    var stranger = withOtherKeys();
    await().until(() -> stranger.status().isTried());
    clock.move(Duration.ofMinutes(2));
    assertThat(stranger.ready().client()).isEqualTo("client-2");
  }

  @Test
  void a_record_is_sealed_anew_by_the_key_that_seals_now() {
    var old = key();
    var next = key();
    var random = new SecureRandom();
    startedWith(SealingKeys.of(List.of(old), random)).ready().stop();
    startedWith(SealingKeys.of(List.of(next, old), random)).ready().stop();
    assertThat(startedWith(SealingKeys.of(List.of(next), random)).ready().client())
        .isEqualTo("client-1");
  }

  @Test
  void a_record_that_was_moved_does_not_open() {
    started(OFTEN).ready().stop();
    var other = oidc(provider, ", allow_private_ips: true", "");
    var named =
        GivenUpstream.valid(
            "{type: oidc, name: other, oidc_config: {issuer_url: '%s', dcr_config: {}}}"
                .formatted(provider.url("")));
    var mine = Outcome.of(replicas.store.get(replicas.recordOf(other))).orElseThrow();
    Outcome.of(replicas.store.put(replicas.recordOf(named), mine.value(), Duration.ofDays(1)));
    assertThat(replicas.start(named).ready().client()).isEqualTo("client-2");
  }

  @Test
  void another_purpose_has_another_client_beside() {
    var narrow = started(OFTEN).ready();
    var wide = replicas.start(oidc(provider, ", scopes: [openid, email]", "")).ready();
    assertThat(List.of(narrow.client(), wide.client())).doesNotHaveDuplicates();
    assertThat(provider.desk.registered).hasSize(2);
  }

  @Test
  void what_one_purpose_was_given_is_renewed_by_another() {
    var narrow = started(OFTEN).ready();
    var wide = replicas.start(oidc(provider, ", scopes: [openid, email]", "")).ready();
    assertThat(wide.refresh(narrow.login(provider))).isInstanceOf(RefreshAnswer.Redeemed.class);
  }

  @Test
  void an_owner_goes_on_as_the_old_client_until_there_is_a_new_one() {
    var replica = started(OFTEN).ready();
    provider.desk.gate.shut();
    var wide = oidc(provider, ", scopes: [openid, email]", "");
    Outcome.of(replica.upstream().reconfigure(wide));
    await().until(() -> provider.desk.gate.held() == 1);
    assertThat(replica.client()).isEqualTo("client-1");
    provider.desk.gate.open();
    await().until(() -> !replica.client().equals("client-1"));
    replica.login(provider);
  }

  @Test
  void what_says_nothing_of_the_client_needs_no_other_one() {
    var replica = started(OFTEN).ready();
    Outcome.of(replica.upstream().reconfigure(oidc(provider, "client_name: Another")));
    assertThat(replica.client()).isEqualTo("client-1");
    assertThat(provider.desk.registered).hasSize(1);
  }

  private List<Replica> started(int count) {
    return IntStream.range(0, count).mapToObj(i -> started(OFTEN)).toList();
  }

  private Replica started(Duration look) {
    return replicas.start(oidc(provider, ""), replicas.store, look);
  }

  private Replica withOtherKeys() {
    return startedWith(SealingKeys.ephemeral(new SecureRandom()));
  }

  private Replica startedWith(SealingKeys keys) {
    return replicas.start(oidc(provider, ""), replicas.store, OFTEN, keys);
  }

  private static byte[] key() {
    var key = new byte[SealingKeys.LENGTH];
    new SecureRandom().nextBytes(key);
    return key;
  }

  private String endpoint() {
    return "registration_endpoint: '" + provider.url("/register") + "'";
  }

  private boolean isThere() {
    return Outcome.of(replicas.store.get(replicas.recordOf(oidc(provider, "")))).isPresent();
  }

  private void forgetRecords() {
    Outcome.of(replicas.store.take(replicas.recordOf(oidc(provider, ""))));
  }

  /** A store that is away, or takes no record, or whose answers about them are lost. */
  private static final class Failing extends DelegatingStore {
    private static final String RECORD = "upstream-client/";

    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean away;
    private volatile boolean writesFail;
    private volatile boolean answersAreLost;

    Failing(KeyValueStore store) {
      super(store);
    }

    @Override
    protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
      return away ? fail() : operation.get();
    }

    @Override
    public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
      if (key.startsWith(RECORD) && writesFail) {
        return fail();
      }
      var written = super.putIfAbsent(key, value, ttl);
      return key.startsWith(RECORD) && answersAreLost ? written.compose(lost -> fail()) : written;
    }

    private <T> Future<T> fail() {
      failed.incrementAndGet();
      return Future.failedFuture(new UnavailableException("away", Duration.ofSeconds(1)));
    }
  }
}
