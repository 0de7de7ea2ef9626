package dev.keyturn.keys;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.ContestedStore;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.keys.KeyState.State;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyKeeperTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration PROPAGATION = Duration.ofMinutes(2);
  private static final Duration PUBLISHED = Duration.ofMinutes(7);
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration FORM = Duration.ofMinutes(10);
  private static final Timing TIMING = new Timing(PUBLISHED, PROPAGATION, LIFE, DAY, FORM);
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);

  private final SettableClock clock = new SettableClock();
  private final MemoryStore memory = new MemoryStore(clock, 100);
  private final ContestedStore store = new ContestedStore(memory);
  private final KeyKeeper keeper = keeper(store);
  private final SigningKey a = SigningKey.generate(RANDOM);
  private final SigningKey b = SigningKey.generate(RANDOM);

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Signing_keys {
    @Test
    void sign_at_once_where_the_ring_is_empty() {
      assertThat(signer(keep(keys(a)))).isEqualTo(a.kid());
    }

    @Test
    void are_published_by_a_replica_that_has_no_file_of_them() {
      keep(keys(a));
      clock.forward(DAY);
      keep(keys(b, a));
      assertThat(kids(done(keeper(store).keep(keys(a))))).containsExactly(a.kid(), b.kid());
    }

    @Test
    void sign_on_from_memory_until_the_successor_may() {
      keep(keys(a));
      clock.forward(DAY);
      keep(keys(b));
      clock.forward(PUBLISHED.minusMillis(1));
      assertThat(signer(keep(keys(b)))).isEqualTo(a.kid());
      clock.forward(Duration.ofMillis(1));
      assertThat(signer(keep(keys(b)))).isEqualTo(b.kid());
    }

    @Test
    void that_were_replaced_are_good_for_tokens_of_their_time_and_the_leeway() {
      var stopped = replaced();
      assertThat(now().signing().find(a.kid()).orElseThrow().notAfter())
          .contains(stopped.plus(PROPAGATION));
    }

    @Test
    void that_sign_are_good_for_tokens_of_any_time() {
      replaced();
      assertThat(now().signing().find(b.kid()).orElseThrow().notAfter()).isEmpty();
    }

    @Test
    void are_gone_with_their_last_token() {
      replaced();
      clock.forward(LIFE.plus(PROPAGATION));
      assertThat(kids(now())).containsExactly(b.kid());
    }

    @Test
    void that_are_revoked_are_gone_at_once_for_every_replica() {
      var other = keeper(store);
      keep(keys(a));
      done(other.keep(keys(a)));
      keep(keys(Set.of(a.kid()), b));
      assertThat(kids(done(other.keep(keys(a))))).containsExactly(b.kid());
    }

    @Test
    void that_are_revoked_do_not_sign_even_where_there_is_no_other() {
      var other = keeper(store);
      done(other.keep(keys(a)));
      keep(keys(Set.of(a.kid()), b));
      assertThat(done(other.keep(keys(a))).signing().signer()).isEmpty();
    }

    @Test
    void that_leave_no_signer_are_refused_and_change_nothing() {
      keep(keys(a));
      assertThat(failed(keeper.keep(keys(Set.of(a.kid()), a))))
          .isInstanceOf(KeysRefusedException.class);
      assertThat(signer(keep(keys(a)))).isEqualTo(a.kid());
    }

    private java.time.Instant replaced() {
      keep(keys(a));
      clock.forward(DAY);
      keep(keys(b));
      clock.forward(PUBLISHED);
      keep(keys(b));
      return clock.instant();
    }

    private KeysNow now() {
      return keep(keys(b));
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Secrets {
    @Test
    void verify_at_once() {
      keep(secrets(1));
      assertThat(madeBy(2, keep(secrets(2, 1)))).isTrue();
    }

    @Test
    void sign_only_when_all_replicas_have_them() {
      keep(secrets(1));
      assertThat(signsWith(1, keep(secrets(2, 1)))).isTrue();
      clock.forward(PROPAGATION);
      assertThat(signsWith(2, keep(secrets(2, 1)))).isTrue();
    }

    @Test
    void sign_on_from_memory_until_the_successor_may() {
      keep(secrets(1));
      assertThat(signsWith(1, keep(secrets(2)))).isTrue();
    }

    @Test
    void that_are_no_longer_listed_verify_what_they_made() {
      keep(secrets(1));
      keep(secrets(2));
      clock.forward(PROPAGATION.plus(DAY).plus(PROPAGATION).minusMillis(1));
      assertThat(madeBy(1, keep(secrets(2)))).isTrue();
    }

    @Test
    void that_are_no_longer_needed_are_forgotten() {
      keep(secrets(1));
      keep(secrets(2));
      clock.forward(PROPAGATION.plus(DAY).plus(PROPAGATION));
      keep(secrets(2));
      assertThat(madeBy(1, keep(secrets(2)))).isFalse();
    }

    @Test
    void that_are_alone_after_a_restart_sign_at_once_and_their_state_says_why() {
      keep(secrets(1));
      keep(secrets(2));
      var restarted = done(keeper(store).keep(secrets(2)));
      assertThat(signsWith(2, restarted)).isTrue();
      assertThat(restarted.states())
          .extracting(KeyState::note)
          .anyMatch(note -> note.startsWith("signs out of turn: "));
    }

    @Test
    void of_a_kind_that_was_never_seen_sign_at_once() {
      keep(secrets(1));
      var cookies = declared(List.of(a), Set.of(), List.of(secret(1)), List.of(secret(9)));
      assertThat(keep(cookies).cookies().orElseThrow().verify(MESSAGE, mac(9))).isTrue();
    }

    @Test
    void of_cookies_are_left_to_others_where_none_are_listed() {
      assertThat(keep(secrets(1)).cookies()).isEmpty();
    }

    @Test
    void of_cookies_retire_with_the_last_form() {
      keep(cookies(8));
      keep(cookies(9, 8));
      clock.forward(PROPAGATION);
      var stopped = clock.instant();
      assertThat(keep(cookies(9, 8)).states())
          .filteredOn(state -> state.kind() == Purpose.COOKIE)
          .filteredOn(state -> state.state() == KeyState.State.RETIRING)
          .extracting(state -> state.until().orElseThrow())
          .containsExactly(stopped.plus(FORM).plus(PROPAGATION));
    }

    @Test
    void of_cookies_take_no_room_for_longer_than_a_form_lives() {
      for (int i = 0; i < 40; i++) {
        keep(cookies(i));
        clock.forward(FORM.plus(PROPAGATION.multipliedBy(2)));
      }
      assertThat(keep(cookies(40)).problem()).isEmpty();
    }

    @Test
    void open_the_vault_each_where_it_has_none_of_its_own() {
      var sealed = keep(secrets(1)).vault().seal(MESSAGE, new byte[0]);
      var opened = keep(secrets(2, 1)).vault().open(sealed, new byte[0]);
      assertThat(opened.map(Buffer::buffer)).contains(Buffer.buffer(MESSAGE));
    }

    @Test
    void of_the_vault_seal_only_when_all_replicas_have_them() {
      keep(vault(1));
      var first = done(keeper(store).keep(vault(1))).vault();
      var second = keep(vault(2, 1)).vault();
      assertThat(first.open(second.seal(MESSAGE, new byte[0]), new byte[0])).isPresent();
    }

    @Test
    void are_not_told_by_their_names() {
      keep(secrets(1));
      var stored = done(memory.get("ring/keys")).orElseThrow().value();
      assertThat(stored.toString(StandardCharsets.ISO_8859_1))
          .doesNotContain(new String(secret(1), StandardCharsets.ISO_8859_1));
    }

    @Test
    void that_serve_two_purposes_have_two_names() {
      var one = keep(declared(List.of(a), Set.of(), List.of(secret(1)), List.of(secret(1))));
      assertThat(one.states()).extracting(KeyState::id).doesNotHaveDuplicates();
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class States {
    @Test
    void say_what_signs_and_what_waits_until_when() {
      keep(keys(a));
      clock.forward(DAY);
      var states = signing(keep(keys(b, a)));
      assertThat(states)
          .extracting(KeyState::state)
          .containsExactly(State.SIGNING, State.PUBLISHED);
      assertThat(states.get(1).until()).contains(clock.instant().plus(PUBLISHED));
    }

    @Test
    void say_until_when_a_key_retires() {
      keep(keys(a));
      clock.forward(DAY);
      keep(keys(b, a));
      clock.forward(PUBLISHED);
      var retiring = signing(keep(keys(b, a))).get(0);
      assertThat(retiring.state()).isEqualTo(State.RETIRING);
      assertThat(retiring.until()).contains(clock.instant().plus(LIFE).plus(PROPAGATION));
    }

    @Test
    void say_that_a_key_signs_from_memory() {
      keep(keys(a));
      clock.forward(DAY);
      assertThat(signing(keep(keys(b))).get(0).note())
          .isEqualTo("no longer listed: it signs from memory, until its successor may");
    }

    @Test
    void say_that_the_key_whose_turn_it_is_is_not_here() {
      keep(keys(a));
      clock.forward(DAY);
      assertThat(signing(done(keeper(store).keep(keys(b)))))
          .extracting(KeyState::note)
          .containsExactly(
              "its turn, but it is not here", "signs out of turn: " + a.kid() + " is not here");
    }

    @Test
    void say_that_a_secret_is_still_needed() {
      keep(secrets(1));
      keep(secrets(2));
      clock.forward(PROPAGATION);
      assertThat(keep(secrets(2)).states())
          .extracting(KeyState::note)
          .contains("no longer listed and still needed: after a restart, what it made is refused");
    }

    @Test
    void say_what_was_revoked() {
      keep(keys(a));
      assertThat(signing(keep(keys(Set.of(a.kid()), b))))
          .filteredOn(state -> state.id().equals(a.kid()))
          .extracting(KeyState::state)
          .containsExactly(State.REVOKED);
    }

    @Test
    void change_by_time_when_they_say() {
      keep(keys(a));
      clock.forward(DAY);
      var before = keep(keys(b, a));
      assertThat(before.nextChange()).contains(clock.instant().plus(PUBLISHED));
    }

    @Test
    void change_no_more_by_time_where_nothing_waits() {
      assertThat(keep(keys(a)).nextChange()).isEmpty();
    }

    @Test
    void are_written_as_json() {
      var json = signing(keep(keys(a))).get(0).toJson();
      assertThat(json.fieldNames())
          .containsExactlyInAnyOrder("kind", "id", "algorithm", "state", "since", "listed", "note");
      assertThat(json.getString("state")).isEqualTo("signing");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_store {
    private final InterleavingStore shaky = new InterleavingStore(memory);
    private final KeyKeeper patient = keeper(shaky);

    @Test
    void that_is_away_at_the_start_makes_it_fail() {
      shaky.away(true);
      assertThat(failed(patient.keep(keys(a)))).isInstanceOf(UnavailableException.class);
    }

    @Test
    void that_is_away_later_leaves_the_last_known_ring_in_force() {
      done(patient.keep(keys(a)));
      shaky.away(true);
      var kept = done(patient.keep(keys(b, a)));
      assertThat(signer(kept)).isEqualTo(a.kid());
      assertThat(kept.problem()).contains("away");
    }

    @Test
    void that_is_away_does_not_stop_time() {
      done(patient.keep(keys(a)));
      clock.forward(DAY);
      done(patient.keep(keys(b, a)));
      shaky.away(true);
      clock.forward(PUBLISHED);
      assertThat(signer(done(patient.keep(keys(b, a))))).isEqualTo(b.kid());
    }

    @Test
    void that_is_away_lets_no_key_sign_that_others_do_not_know() {
      done(patient.keep(keys(a)));
      shaky.away(true);
      done(patient.keep(keys(b)));
      clock.forward(DAY);
      assertThat(signer(done(patient.keep(keys(b))))).isEqualTo(a.kid());
    }

    @Test
    void that_comes_back_is_told_what_is_new() {
      done(patient.keep(keys(a)));
      shaky.away(true);
      done(patient.keep(keys(b)));
      shaky.away(false);
      assertThat(kids(done(patient.keep(keys(b))))).containsExactly(a.kid(), b.kid());
    }

    @Test
    void that_has_lost_the_ring_is_given_it_again() {
      done(patient.keep(keys(a)));
      clock.forward(DAY);
      done(patient.keep(keys(b)));
      done(memory.take("ring/keys"));
      assertThat(signer(done(patient.keep(keys(b))))).isEqualTo(a.kid());
    }

    @Test
    void that_holds_something_else_is_not_believed() {
      done(memory.put("ring/keys", Buffer.buffer("\1{\"revoked\":3}"), DAY));
      assertThat(failed(patient.keep(keys(a)))).isInstanceOf(UnavailableException.class);
    }

    @Test
    void that_others_write_to_is_asked_again() {
      keep(keys(a));
      clock.forward(DAY);
      store.lose(3);
      assertThat(kids(keep(keys(b, a)))).containsExactly(a.kid(), b.kid());
    }

    @Test
    void that_others_write_to_without_end_leaves_the_last_known_ring_in_force() {
      keep(keys(a));
      clock.forward(DAY);
      store.lose(100);
      assertThat(keep(keys(b, a)).problem()).contains("the key ring changes without end");
    }

    @Test
    void is_not_written_to_while_nothing_is_new() {
      keep(keys(a));
      var before = store.replacements();
      keep(keys(a));
      assertThat(store.replacements()).isEqualTo(before);
    }

    @Test
    void keeps_the_ring_for_longer_than_anything_lives() {
      keep(keys(a));
      assertThat(store.timeToLive()).isGreaterThan(Duration.ofDays(366));
    }

    @Test
    void is_written_to_by_replicas_that_start_together_as_if_one_came_first() {
      for (var seed = 0; seed < 50; seed++) {
        var together = new InterleavingStore(new MemoryStore(clock, 10));
        together.hold();
        var one = keeper(together).keep(keys(a, b));
        var other = keeper(together).keep(keys(b, a));
        together.shuffle(new Random(seed));
        assertThat(signer(done(one))).isEqualTo(signer(done(other)));
      }
    }
  }

  @Test
  void what_has_not_changed_is_the_same_object() {
    var before = keep(keys(a, b));
    clock.forward(Duration.ofSeconds(2));
    var after = keep(keys(a, b));
    assertThat(after.signing()).isSameAs(before.signing());
    assertThat(after.hmac()).isSameAs(before.hmac());
    assertThat(after.vault()).isSameAs(before.vault());
    assertThat(after).isEqualTo(before);
  }

  @Test
  void what_is_declared_tells_nothing_in_its_text() {
    assertThat(keys(a)).hasToString("Declared[signing=1, hmac=1, cookies=0, vault=0]");
  }

  private KeysNow keep(Declared declared) {
    return done(keeper.keep(declared));
  }

  private KeyKeeper keeper(KeyValueStore store) {
    return new KeyKeeper(store, clock, RANDOM);
  }

  private static Declared keys(SigningKey... keys) {
    return keys(Set.of(), keys);
  }

  private static Declared keys(Set<String> revoked, SigningKey... keys) {
    return declared(List.of(keys), revoked, List.of(secret(1)), List.of());
  }

  private Declared secrets(int... numbers) {
    return declared(List.of(a), Set.of(), all(numbers), List.of());
  }

  private Declared cookies(int... numbers) {
    return declared(List.of(a), Set.of(), List.of(secret(1)), all(numbers));
  }

  private Declared vault(int... numbers) {
    return new Declared(List.of(a), Set.of(), List.of(secret(1)), List.of(), all(numbers), TIMING);
  }

  private static Declared declared(
      List<SigningKey> keys, Set<String> revoked, List<byte[]> hmac, List<byte[]> cookies) {
    return new Declared(keys, revoked, hmac, cookies, List.of(), TIMING);
  }

  private static List<byte[]> all(int... numbers) {
    return Arrays.stream(numbers).mapToObj(KeyKeeperTest::secret).toList();
  }

  private static byte[] secret(int number) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) ('A' + number));
    return bytes;
  }

  private static byte[] mac(int number) {
    return dev.keyturn.crypto.HmacSecrets.of(List.of(secret(number))).sign(MESSAGE);
  }

  private static boolean madeBy(int number, KeysNow now) {
    return now.hmac().verify(MESSAGE, mac(number));
  }

  private static boolean signsWith(int number, KeysNow now) {
    return Arrays.equals(now.hmac().sign(MESSAGE), mac(number));
  }

  private static String signer(KeysNow now) {
    return now.signing().signer().orElseThrow().kid();
  }

  private static List<String> kids(KeysNow now) {
    return now.signing().all().stream().map(VerificationKey::kid).toList();
  }

  private static List<KeyState> signing(KeysNow now) {
    return now.states().stream().filter(state -> state.kind() == Purpose.SIGNING).toList();
  }
}
