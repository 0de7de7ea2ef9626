package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RegisteredClientsTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ClientMetadata TOOL = ClientMetadataTest.named("Tool");
  private static final Supplier<Future<Void>> ADMITTED = Future::succeededFuture;

  private final SettableClock clock = new SettableClock();
  private final MemoryStore memory = new MemoryStore(clock, 1000);
  private final AtomicInteger writes = new AtomicInteger();
  private final AtomicInteger additions = new AtomicInteger();
  private final AtomicInteger deletions = new AtomicInteger();
  private final AtomicInteger losses = new AtomicInteger();
  private final RegisteredClients clients = over(counting(), Scopes.NONE);

  private RegisteredClients over(KeyValueStore store, Scopes ceiling) {
    return new RegisteredClients(store, clock, new RegisteredClients.Rules(DAY, ceiling, false));
  }

  /** The memory store, counting its writes, of which the first {@link #losses} come too late. */
  private KeyValueStore counting() {
    return (KeyValueStore)
        Proxy.newProxyInstance(
            KeyValueStore.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              var counted =
                  Map.of("replace", writes, "putIfAbsent", additions, "delete", deletions)
                      .get(method.getName());
              if (counted != null && counted.incrementAndGet() <= losses.get()) {
                return Future.succeededFuture(false);
              }
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Registration.Owner owner(String accessHash) {
    return new Registration.Owner(accessHash, Optional.empty());
  }

  private Registration register() {
    return done(clients.register(TOOL, ADMITTED));
  }

  @Test
  void finds_who_registered() {
    var id = register().id();
    assertThat(done(clients.find(id)).orElseThrow().name().plain()).isEqualTo("Tool");
  }

  @Test
  void who_registered_is_a_stranger() {
    assertThat(done(clients.find(register().id())).orElseThrow().isStranger()).isTrue();
  }

  @Test
  void who_registered_uses_the_grants_that_it_named() {
    var client = done(clients.find(register().id())).orElseThrow();
    assertThat(client.grantTypes()).containsExactlyInAnyOrderElementsOf(TOOL.grantTypes());
  }

  @Test
  void the_registered_scope_is_no_ceiling() {
    assertThat(done(clients.find(register().id())).orElseThrow().scopeCeiling()).isEmpty();
  }

  @Test
  void the_ceiling_for_strangers_is_the_configured_one() {
    var ceiling = Scopes.parse("mcp:read");
    var id = register().id();
    var client = done(over(memory, ceiling).find(id)).orElseThrow();
    assertThat(client.scopeCeiling()).contains(ceiling);
  }

  @Test
  void does_not_find_whom_nobody_registered() {
    assertThat(done(clients.find("A".repeat(43)))).isEmpty();
  }

  @Test
  void never_asks_the_store_for_what_cannot_be_an_id() {
    var broken = over(null, Scopes.NONE);
    assertThat(done(broken.find("client/../x y\n" + "A".repeat(600)))).isEmpty();
  }

  @Test
  void registering_again_gives_the_same_record() {
    var first = register();
    clock.forward(Duration.ofMinutes(5));
    assertThat(register()).isEqualTo(first);
  }

  @Test
  void registering_again_does_not_grow_the_store() {
    register();
    register();
    assertThat(memory.size()).isEqualTo(1);
  }

  @Test
  void registering_again_asks_for_no_admission() {
    register();
    var record = done(clients.register(TOOL, () -> Future.failedFuture("over quota")));
    assertThat(record.id()).isEqualTo(TOOL.id());
  }

  @Test
  void whoever_is_not_admitted_leaves_no_record() {
    failed(clients.register(TOOL, () -> Future.failedFuture("over quota")));
    assertThat(memory.size()).isZero();
  }

  @Test
  void an_unused_record_ends_after_its_time() {
    var id = register().id();
    clock.forward(DAY);
    assertThat(done(clients.find(id))).isEmpty();
  }

  @Test
  void an_unused_record_lives_until_then() {
    var id = register().id();
    clock.forward(DAY.minus(SECOND));
    assertThat(done(clients.find(id))).isPresent();
  }

  @Test
  void registering_again_gives_the_full_time_to_log_in() {
    var id = register().id();
    clock.forward(DAY.minus(SECOND));
    register();
    clock.forward(DAY.minus(SECOND));
    assertThat(done(clients.find(id))).isPresent();
  }

  @Test
  void an_ended_record_comes_back_under_its_old_name() {
    var id = register().id();
    clock.forward(DAY);
    assertThat(register().id()).isEqualTo(id);
    assertThat(done(clients.find(id))).isPresent();
  }

  @Test
  void a_used_record_lives_for_thirty_days_after_its_last_use() {
    var id = register().id();
    done(clients.keep(id));
    clock.forward(Duration.ofDays(30).minus(SECOND));
    assertThat(done(clients.find(id))).isPresent();
    clock.forward(SECOND);
    assertThat(done(clients.find(id))).isEmpty();
  }

  @Test
  void registering_again_does_not_shorten_a_used_record() {
    var id = register().id();
    done(clients.keep(id));
    register();
    clock.forward(Duration.ofDays(29));
    assertThat(done(clients.find(id))).isPresent();
  }

  @Test
  void use_is_written_at_most_once_an_hour() {
    var id = register().id();
    done(clients.keep(id));
    clock.forward(Duration.ofHours(1));
    done(clients.keep(id));
    assertThat(writes).hasValue(1);
  }

  @Test
  void use_is_written_again_after_an_hour() {
    var id = register().id();
    done(clients.keep(id));
    clock.forward(Duration.ofHours(1).plus(SECOND));
    done(clients.keep(id));
    assertThat(writes).hasValue(2);
  }

  @Test
  void keeping_an_unknown_client_makes_no_record() {
    done(clients.keep("A".repeat(43)));
    assertThat(memory.size()).isZero();
  }

  @Test
  void registering_is_tried_three_times_when_somebody_is_faster() {
    losses.set(2);
    assertThat(register().id()).isEqualTo(TOOL.id());
    assertThat(additions).hasValue(3);
  }

  @Test
  void registering_is_given_up_after_three_times() {
    losses.set(3);
    assertThat(failed(clients.register(TOOL, ADMITTED))).isInstanceOf(UnavailableException.class);
    assertThat(additions).hasValue(3);
  }

  @Test
  void use_is_written_although_somebody_was_faster_twice() {
    var id = register().id();
    losses.set(2);
    done(clients.keep(id));
    clock.forward(DAY);
    assertThat(done(clients.find(id))).isPresent();
  }

  @Test
  void use_is_not_written_a_fourth_time() {
    var id = register().id();
    losses.set(3);
    done(clients.keep(id));
    assertThat(writes).hasValue(3);
    clock.forward(DAY);
    assertThat(done(clients.find(id))).isEmpty();
  }

  @Test
  void registering_again_is_written_only_after_an_hour() {
    register();
    clock.forward(Duration.ofHours(1));
    register();
    assertThat(writes).hasValue(0);
    clock.forward(SECOND);
    register();
    assertThat(writes).hasValue(1);
  }

  @Test
  void registering_a_short_record_again_is_written_after_half_its_time() {
    var hour =
        new RegisteredClients(
            counting(),
            clock,
            new RegisteredClients.Rules(Duration.ofHours(1), Scopes.NONE, false));
    done(hour.register(TOOL, ADMITTED));
    clock.forward(Duration.ofMinutes(30));
    done(hour.register(TOOL, ADMITTED));
    assertThat(writes).hasValue(0);
    clock.forward(SECOND);
    done(hour.register(TOOL, ADMITTED));
    assertThat(writes).hasValue(1);
  }

  @Nested
  class A_record_of_its_own {
    private static final String ID = "A".repeat(43);

    private final Registration mine =
        done(clients.registerAlone(ID, TOOL, owner("hash"), ADMITTED));

    private String name() {
      return done(clients.find(ID)).orElseThrow().name().plain();
    }

    @Test
    void is_made_with_admission_only() {
      var refusal =
          failed(
              clients.registerAlone(
                  "B".repeat(43), TOOL, owner("h"), () -> Future.failedFuture("no")));
      assertThat(refusal).hasMessage("no");
      assertThat(done(clients.find("B".repeat(43)))).isEmpty();
    }

    @Test
    void is_read_with_all_that_it_holds() {
      assertThat(done(clients.registration(ID))).contains(mine);
      assertThat(mine.isShared()).isFalse();
    }

    @Test
    void is_changed() {
      done(clients.change(ID, ClientMetadataTest.named("New")));
      assertThat(name()).isEqualTo("New");
    }

    @Test
    void is_changed_although_somebody_was_faster() {
      losses.set(2);
      done(clients.change(ID, ClientMetadataTest.named("New")));
      assertThat(name()).isEqualTo("New");
    }

    @Test
    void that_keeps_changing_is_not_changed_now() {
      losses.set(3);
      assertThat(failed(clients.change(ID, ClientMetadataTest.named("New"))))
          .isInstanceOf(UnavailableException.class);
    }

    @Test
    void is_deleted() {
      done(clients.remove(ID));
      assertThat(done(clients.find(ID))).isEmpty();
    }

    @Test
    void is_deleted_although_somebody_was_faster() {
      losses.set(2);
      done(clients.remove(ID));
      assertThat(done(clients.find(ID))).isEmpty();
    }

    @Test
    void that_keeps_changing_is_not_deleted_now() {
      losses.set(3);
      assertThat(failed(clients.remove(ID))).isInstanceOf(UnavailableException.class);
      assertThat(done(clients.registration(ID))).contains(mine);
    }

    @Test
    void is_not_made_under_a_name_that_is_taken() {
      assertThat(failed(clients.registerAlone(ID, TOOL, owner("other"), ADMITTED)))
          .isInstanceOf(UnavailableException.class);
      assertThat(done(clients.registration(ID))).contains(mine);
    }

    @Test
    void is_changed_until_it_ends() {
      clock.forward(DAY.minus(SECOND));
      assertThat(done(clients.change(ID, ClientMetadataTest.named("New")))).isPresent();
    }

    @Test
    void ends_when_it_was_to_end_although_it_was_changed() {
      clock.forward(DAY.minus(SECOND));
      done(clients.change(ID, ClientMetadataTest.named("New")));
      clock.forward(SECOND);
      assertThat(done(clients.find(ID))).isEmpty();
    }

    @Test
    void is_not_changed_once_it_has_ended() {
      clock.forward(DAY);
      assertThat(done(clients.change(ID, ClientMetadataTest.named("New")))).isEmpty();
    }

    /** The store counts from when it was told, and so a little longer. */
    @ParameterizedTest
    @ValueSource(ints = {500, 999})
    void is_not_changed_while_the_store_still_has_it_after_its_end(int late) {
      var slow = "S".repeat(43);
      clock.forward(Duration.ofMillis(999));
      done(clients.registerAlone(slow, TOOL, owner("hash"), ADMITTED));
      clock.forward(DAY.minusMillis(late));
      assertThat(done(clients.change(slow, ClientMetadataTest.named("New")))).isEmpty();
      assertThat(done(clients.find(slow)).orElseThrow().name().plain()).isEqualTo("Tool");
    }

    @Test
    void lives_on_while_it_is_used() {
      done(clients.keep(ID));
      clock.forward(Duration.ofDays(29));
      assertThat(name()).isEqualTo("Tool");
    }
  }

  @Test
  void a_shared_record_is_neither_changed_nor_deleted() {
    var shared = register();
    assertThat(done(clients.change(shared.id(), ClientMetadataTest.named("New")))).isEmpty();
    done(clients.remove(shared.id()));
    assertThat(done(clients.registration(shared.id()))).contains(shared);
  }

  @Nested
  class With_secrets {
    private static final String ID = "C".repeat(43);

    private final RegisteredClients confidential =
        new RegisteredClients(memory, clock, new RegisteredClients.Rules(DAY, Scopes.NONE, true));

    private void registerWithSecret() {
      var metadata =
          new ClientMetadata(
              TOOL.redirectUris(),
              TOOL.grantTypes(),
              Method.CLIENT_SECRET_BASIC,
              "web",
              TOOL.scope(),
              TOOL.contacts(),
              TOOL.claims());
      var owner = new Registration.Owner("hash", Optional.of("secret"));
      done(confidential.registerAlone(ID, metadata, owner, ADMITTED));
    }

    @Test
    void a_client_is_known_by_its_secret() {
      registerWithSecret();
      assertThat(done(confidential.find(ID)).orElseThrow().authentication().method())
          .isEqualTo(Method.CLIENT_SECRET_BASIC);
    }

    @Test
    void a_client_is_unknown_where_none_may_have_any() {
      registerWithSecret();
      assertThat(done(clients.find(ID))).isEmpty();
    }

    @Test
    void a_client_without_one_is_known_too() {
      assertThat(done(confidential.find(register().id()))).isPresent();
    }

    @Test
    void every_method_will_do() {
      assertThat(confidential.methods()).containsExactlyInAnyOrder(Method.values());
    }

    @Test
    void no_method_will_do_where_none_may_have_any() {
      assertThat(clients.methods()).containsExactly(Method.NONE);
    }
  }
}
