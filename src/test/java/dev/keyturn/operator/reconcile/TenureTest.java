package dev.keyturn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** For how long a Lease is surely ours, whoever tells us or does not. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TenureTest {
  private static final Duration VALID = Duration.ofSeconds(15);
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private final KubernetesClient client =
      new KubernetesClientBuilder()
          .withConfig(Config.empty())
          .withHttpClientFactory(new JdkHttpClientFactory())
          .build();
  private final Lease lease = new Lease();
  private final Tenure tenure = new Tenure(lease, VALID, () -> lease.now);

  @AfterEach
  void close() {
    client.close();
  }

  private static LeaderElectionRecord heldBy(String holder) {
    return new LeaderElectionRecord(holder, VALID, NOW, NOW, 1);
  }

  private void renew() {
    tenure.get(client);
    tenure.update(client, heldBy("first"));
  }

  @Test
  void there_is_none_before_the_API_server_has_taken_it() {
    tenure.get(client);
    assertThat(tenure.left()).isZero();
  }

  @Test
  void it_begins_with_the_Lease() {
    tenure.get(client);
    tenure.create(client, heldBy("first"));
    assertThat(tenure.left()).isEqualTo(VALID);
  }

  @Test
  void it_ends_by_itself_though_nobody_says_so() {
    renew();
    lease.pass(VALID);
    assertThat(tenure.left()).isZero();
  }

  @Test
  void a_renewal_prolongs_it() {
    renew();
    lease.pass(Duration.ofSeconds(10));
    renew();
    assertThat(tenure.left()).isEqualTo(VALID);
  }

  @Test
  void the_time_that_a_renewal_takes_is_no_part_of_it() {
    lease.slow = Duration.ofSeconds(6);
    renew();
    assertThat(tenure.left()).isEqualTo(VALID.minusSeconds(12));
  }

  @Test
  void a_renewal_that_is_refused_prolongs_nothing() {
    renew();
    lease.pass(Duration.ofSeconds(10));
    lease.refuses = true;
    assertThatThrownBy(this::renew).isInstanceOf(KubernetesClientException.class);
    assertThat(tenure.left()).isEqualTo(VALID.minusSeconds(10));
  }

  @Test
  void who_gives_the_Lease_back_has_it_no_more() {
    renew();
    tenure.update(client, heldBy(""));
    assertThat(tenure.left()).isZero();
  }

  @Test
  void it_has_not_begun_when_our_own_name_is_read() {
    tenure.get(client);
    assertThat(tenure.begun()).isNotDone();
    tenure.update(client, heldBy("first"));
    assertThat(tenure.begun()).isCompletedWithValue(true);
  }

  @Test
  void one_that_is_over_before_never_begins() {
    tenure.end();
    renew();
    assertThat(tenure.begun()).isCompletedWithValue(false);
  }

  @Test
  void an_end_is_heard_at_once_and_no_renewal_takes_it_back() {
    var heard = new ArrayList<String>();
    renew();
    tenure.whenOver(() -> heard.add("before"));
    tenure.end();
    renew();
    assertThat(tenure.left()).isZero();
    tenure.whenOver(() -> heard.add("after"));
    assertThat(heard).isEqualTo(List.of("before", "after"));
  }

  /** An API server's Lease, and the time. */
  private static final class Lease implements Lock {
    private long now = 1;
    private Duration slow = Duration.ZERO;
    private boolean refuses;

    void pass(Duration time) {
      now += time.toNanos();
    }

    @Override
    public LeaderElectionRecord get(KubernetesClient any) {
      pass(slow);
      return heldBy("somebody");
    }

    @Override
    public void create(KubernetesClient any, LeaderElectionRecord record) {
      update(any, record);
    }

    @Override
    public void update(KubernetesClient any, LeaderElectionRecord record) {
      pass(slow);
      if (refuses) {
        throw new KubernetesClientException("conflict");
      }
    }

    @Override
    public String identity() {
      return "first";
    }

    @Override
    public String describe() {
      return "a lease";
    }
  }
}
