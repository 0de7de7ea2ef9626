package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.operator.rules.Rules;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;

/**
 * Owns the reconciler: runs for the election, and works for as long as it has won it.
 *
 * <p>It is there whether or not the API server is.
 */
public final class ReconcilerVerticle extends VerticleBase {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Reconciling reconciling;
  private final Pod pod;
  private final Rules rules;
  private final Clock clock;
  private final Leadership leadership;

  public ReconcilerVerticle(Reconciling reconciling, Pod pod, Rules rules, Clock clock) {
    this.reconciling = reconciling;
    this.pod = pod;
    this.rules = rules;
    this.clock = clock;
    this.leadership =
        new Leadership(
            this::client, this::shift, reconciling.leaseNamespace(), reconciling.identity());
  }

  @Override
  public Future<?> start() {
    Gauge.builder("keyturn.operator.leads", leadership, one -> one.leads() ? 1 : 0)
        .description("1 while this process is the one that reconciles")
        .register(reconciling.metrics());
    leadership.start();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    return vertx.executeBlocking(
        () -> {
          leadership.close();
          return null;
        },
        false);
  }

  /** Whether it leads, and what it sees then. */
  public Sight sight() {
    return leadership.sight();
  }

  private Shift shift(KubernetesClient client, Tenure tenure) {
    return new Shift(
        vertx, client, tenure, reconciling, new Means(rules, reconciling.settings(), clock));
  }

  /** Nothing comes from a file or a variable that does not belong to the pod. */
  private KubernetesClient client() {
    var authorities = Base64.getEncoder().encodeToString(pod.authorities());
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://" + host() + ":" + pod.port())
            .withCaCertData(authorities)
            .withOauthTokenProvider(pod::token)
            .withNamespace(reconciling.leaseNamespace())
            .withConnectionTimeout((int) PATIENCE.toMillis())
            .withRequestTimeout((int) PATIENCE.toMillis())
            .withRequestRetryBackoffLimit(2)
            .withUserAgent("Keyturn " + reconciling.identity())
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }

  private String host() {
    return pod.host().contains(":") ? "[" + pod.host() + "]" : pod.host();
  }
}
