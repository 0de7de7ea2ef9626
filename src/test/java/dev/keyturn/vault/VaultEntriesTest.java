package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.vault.ScriptedUpstream.person;
import static dev.keyturn.vault.ScriptedUpstream.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.Spellings;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VaultEntriesTest {
  private static final Duration LIFE = Duration.ofDays(1);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final VaultKey ALICE = new VaultKey("u_alice-liddell", "default", "alice-liddell");
  private static final VaultKey BOB = new VaultKey("u_bob", "default", "bob");
  private static final List<String> SECRETS =
      List.of("access-s3cr3t", "refresh-s3cr3t", "id-of-access-s3cr3t", "alice-liddell");

  /** So much of one secret does not turn up in sealed bytes by chance. */
  private static final int TELLING = 8;

  private static final VaultEntry ENTRY =
      GivenVault.entry(
          person("alice-liddell"),
          tokens(
              "access-s3cr3t",
              Optional.of("refresh-s3cr3t"),
              Optional.of(Instant.parse("2026-11-23T13:00:00Z"))));

  private final SettableClock clock = new SettableClock();
  private final GivenVault given = new GivenVault(clock);
  private final MovableStore store = new MovableStore(clock);
  private final byte[] keyOne = key();
  private final byte[] keyTwo = key();
  private final VaultEntries entries = entries(keyOne);

  private static byte[] key() {
    var key = new byte[SealingKeys.LENGTH];
    RANDOM.nextBytes(key);
    return key;
  }

  private VaultEntries entries(byte[]... keys) {
    return new VaultEntries(store, given.seals(SealingKeys.of(List.of(keys), RANDOM)), () -> LIFE);
  }

  private void write(VaultKey key) {
    done(entries.change(key, old -> Optional.of(of(key))));
  }

  private static VaultEntry of(VaultKey key) {
    return GivenVault.entry(person(key.account()), ENTRY.tokens());
  }

  private static Optional<VaultEntry> read(VaultEntries by, VaultKey key) {
    return done(by.read(key)).map(found -> found.value());
  }

  @Test
  void an_entry_comes_back_whole() {
    write(ALICE);
    assertThat(read(entries, ALICE)).contains(ENTRY);
  }

  @Test
  void nothing_of_an_entry_can_be_read_in_the_store() {
    write(ALICE);
    var stored = store.raw.get(store.onlyKey());
    var inside = new String(stored.getBytes(), StandardCharsets.ISO_8859_1);
    var envelope =
        Base64.getDecoder()
            .decode(stored.getBuffer(1, stored.length()).toJsonObject().getString("sealed"));
    var all = store.onlyKey() + inside + new String(envelope, StandardCharsets.ISO_8859_1);
    assertThat(SECRETS.stream().flatMap(Spellings::of)).noneMatch(all::contains);
  }

  @Test
  void every_spelling_is_too_long_to_turn_up_by_chance() {
    assertThat(SECRETS.stream().flatMap(Spellings::of))
        .allMatch(spelling -> spelling.length() >= TELLING);
  }

  @Test
  void two_writes_of_one_entry_look_different() {
    write(ALICE);
    var first = store.raw.get(store.onlyKey());
    done(entries.change(ALICE, old -> Optional.of(other("x"))));
    write(ALICE);
    assertThat(store.raw.get(store.onlyKey())).isNotEqualTo(first);
  }

  private static VaultEntry other(String access) {
    return GivenVault.entry(
        person("alice-liddell"), tokens(access, Optional.empty(), Optional.empty()));
  }

  @Test
  void an_entry_that_was_moved_does_not_open() {
    write(ALICE);
    var alices = store.raw.get(store.onlyKey());
    write(BOB);
    var bobs =
        store.raw.keySet().stream()
            .filter(name -> !store.raw.get(name).equals(alices))
            .findFirst()
            .orElseThrow();
    done(store.put(bobs, alices, LIFE));
    assertThat(read(entries, BOB)).isEmpty();
    assertThat(read(entries, ALICE)).isPresent();
  }

  @Test
  void a_key_that_is_not_here_may_be_on_its_way() {
    write(ALICE);
    var other = entries(keyTwo);
    var away = (UnavailableException) failed(other.read(ALICE));
    assertThat(away.retryAfter()).isEqualTo(GivenVault.PROPAGATION);
    clock.forward(GivenVault.PROPAGATION.minusSeconds(5));
    away = (UnavailableException) failed(other.read(ALICE));
    assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(given.audited).isEmpty();
  }

  @Test
  void an_entry_whose_key_never_comes_is_absent() {
    write(ALICE);
    var other = entries(keyTwo);
    failed(other.read(ALICE));
    clock.forward(GivenVault.PROPAGATION);
    assertThat(read(other, ALICE)).isEmpty();
    assertThat(given.audited).containsExactly("vault.unreadable:");
  }

  @Test
  void a_login_replaces_what_a_key_sealed_that_is_not_here() {
    write(ALICE);
    var other = entries(keyTwo);
    done(other.enter(ALICE, old -> old.isEmpty() ? Optional.of(other("mine")) : old, other.life()));
    assertThat(read(other, ALICE)).contains(other("mine"));
  }

  @Test
  void a_refresh_replaces_nothing_while_the_key_may_be_on_its_way() {
    write(ALICE);
    var other = entries(keyTwo);
    assertThat(failed(other.change(ALICE, old -> Optional.of(other("mine")))))
        .isInstanceOf(UnavailableException.class);
    assertThat(read(entries, ALICE)).contains(ENTRY);
  }

  @Test
  void an_entry_is_sealed_anew_when_another_key_is_the_first() {
    write(ALICE);
    assertThat(read(entries(keyTwo, keyOne), ALICE)).contains(ENTRY);
    assertThat(read(entries(keyTwo), ALICE)).contains(ENTRY);
  }

  @Test
  void an_entry_is_sealed_anew_once() {
    write(ALICE);
    var rotated = entries(keyTwo, keyOne);
    read(rotated, ALICE);
    var stored = store.raw.get(store.onlyKey());
    read(rotated, ALICE);
    assertThat(store.raw.get(store.onlyKey())).isEqualTo(stored);
  }

  @Test
  void an_entry_is_read_also_where_it_cannot_be_sealed_anew() {
    write(ALICE);
    store.readOnly = true;
    assertThat(read(entries(keyTwo, keyOne), ALICE)).contains(ENTRY);
  }

  @Test
  void an_entry_of_somebody_else_does_not_open_even_if_it_was_sealed_here() {
    done(entries.change(ALICE, old -> Optional.of(of(BOB))));
    assertThat(read(entries, ALICE)).isEmpty();
  }

  @Test
  void what_was_sealed_before_there_were_generations_opens() {
    var plain =
        "{\"access\":\"a\",\"refresh\":\"r\",\"scope\":\"x\",\"sub\":\"u_alice-liddell\","
            + "\"account\":\"alice-liddell\",\"expires\":1000}";
    var keys = SealingKeys.of(List.of(keyOne), RANDOM);
    var envelope =
        keys.seal(
            plain.getBytes(StandardCharsets.UTF_8),
            ("vault " + ALICE.id()).getBytes(StandardCharsets.UTF_8));
    plant("{\"sealed\":\"" + Base64.getEncoder().encodeToString(envelope) + "\"}");
    var entry = read(entries, ALICE).orElseThrow();
    assertThat(entry.tokens().accessToken()).isEqualTo("a");
    assertThat(entry.tokens().refreshToken()).contains("r");
    assertThat(entry.state()).isEqualTo(RefreshState.of("", Instant.EPOCH));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "other"})
  void the_generation_is_bound_to_what_is_sealed(String generation) {
    write(ALICE);
    var stored = store.raw.get(store.onlyKey());
    var json = stored.getBuffer(1, stored.length()).toJsonObject();
    assertThat(json.getString("generation")).isEmpty();
    if (generation.isEmpty()) {
      json.remove("generation");
    } else {
      json.put("generation", generation);
    }
    plant(json.encode());
    assertThat(read(entries, ALICE)).isEmpty();
    assertThat(given.audited).containsExactly("vault.unreadable:");
  }

  private void plant(String json) {
    done(
        store.put(
            "vault/" + ALICE.id(), Buffer.buffer().appendByte((byte) 1).appendString(json), LIFE));
  }

  @Test
  void a_whole_state_comes_back_whole() {
    var state =
        new RefreshState(
            "g",
            Instant.ofEpochMilli(5),
            Optional.of(Instant.ofEpochMilli(6)),
            Optional.of(new Intent("n", Instant.ofEpochMilli(7), true)),
            Optional.of(tokens("a-2", Optional.of("r-2"), Optional.empty())),
            Optional.of(true),
            true);
    var entry = new VaultEntry(ENTRY.identity(), ENTRY.tokens(), state);
    done(entries.change(ALICE, old -> Optional.of(entry)));
    assertThat(read(entries, ALICE)).contains(entry);
  }

  @Test
  void an_entry_opens_with_a_key_that_seals_no_more() {
    write(ALICE);
    assertThat(read(entries(keyTwo, keyOne), ALICE)).contains(ENTRY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"sealed\":\"!\"}", "{\"sealed\":\"AAAA\"}", "{\"sealed\":7}"})
  void what_was_never_sealed_counts_as_absent(String json) {
    write(ALICE);
    var planted = Buffer.buffer().appendByte((byte) 1).appendString(json);
    done(store.put(store.onlyKey(), planted, LIFE));
    assertThat(read(entries, ALICE)).isEmpty();
  }

  @Test
  void an_entry_that_was_changed_does_not_open() {
    write(ALICE);
    var stored = store.raw.get(store.onlyKey()).getBytes();
    var text = new String(Arrays.copyOfRange(stored, 1, stored.length), StandardCharsets.UTF_8);
    var last = text.length() - 8;
    var changed =
        text.substring(0, last) + (text.charAt(last) == 'A' ? 'B' : 'A') + text.substring(last + 1);
    done(
        store.put(
            store.onlyKey(), Buffer.buffer().appendByte((byte) 1).appendString(changed), LIFE));
    assertThat(read(entries, ALICE)).isEmpty();
  }

  @Test
  void a_change_sees_what_others_wrote_meanwhile() {
    write(ALICE);
    var told = new java.util.ArrayList<Optional<VaultEntry>>();
    done(
        entries.change(
            ALICE,
            old -> {
              if (told.isEmpty()) {
                done(entries(keyOne).change(ALICE, mine -> Optional.of(other("theirs"))));
              }
              told.add(old);
              return Optional.of(other("mine"));
            }));
    assertThat(told).containsExactly(Optional.of(ENTRY), Optional.of(other("theirs")));
    assertThat(read(entries, ALICE)).contains(other("mine"));
  }

  @Test
  void a_first_write_does_not_overwrite_another_first_write() {
    done(
        entries.change(
            ALICE,
            old -> {
              if (old.isEmpty()) {
                write(ALICE);
              }
              return old.or(() -> Optional.of(other("mine")));
            }));
    assertThat(read(entries, ALICE)).contains(ENTRY);
  }

  @Test
  void an_entry_that_never_stands_still_is_given_up() {
    var serial = new java.util.concurrent.atomic.AtomicInteger();
    var never =
        entries.change(
            ALICE,
            old -> {
              var next = Optional.of(other("x" + serial.incrementAndGet()));
              done(entries(keyOne).change(ALICE, theirs -> next));
              return Optional.of(other("mine"));
            });
    assertThat(failed(never)).isInstanceOf(UnavailableException.class);
  }

  @Test
  void a_change_to_nothing_writes_nothing() {
    done(entries.change(ALICE, old -> Optional.empty()));
    assertThat(store.raw).isEmpty();
  }

  @Test
  void neither_entry_nor_key_prints_a_token_or_an_account() {
    assertThat(ENTRY + " " + new VaultKey("u_x", "default", "someone"))
        .doesNotContain("s3cr3t")
        .doesNotContain("someone");
  }

  @Test
  void the_parts_of_a_key_cannot_be_cut_elsewhere() {
    assertThat(new VaultKey("a", "bc", "d").id()).isNotEqualTo(new VaultKey("ab", "c", "d").id());
    assertThat(new VaultKey("a", "b", "cd").id()).isNotEqualTo(new VaultKey("a", "bc", "d").id());
  }
}
