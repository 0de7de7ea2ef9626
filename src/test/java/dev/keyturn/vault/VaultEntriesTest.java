package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.vault.ScriptedUpstream.person;
import static dev.keyturn.vault.ScriptedUpstream.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.SealingKeys;
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
  private static final VaultKey ALICE = new VaultKey("u_alice", "default", "alice-liddell");
  private static final VaultKey BOB = new VaultKey("u_bob", "default", "bob");
  private static final List<String> SECRETS =
      List.of("access-s3cr3t", "refresh-s3cr3t", "id-of-access-s3cr3t", "alice-liddell");

  /** So much of one secret does not turn up in sealed bytes by chance. */
  private static final int TELLING = 8;

  private static final VaultEntry ENTRY =
      new VaultEntry(
          person("alice-liddell"),
          tokens(
              "access-s3cr3t",
              Optional.of("refresh-s3cr3t"),
              Optional.of(Instant.parse("2026-11-23T13:00:00Z"))));

  private final MovableStore store = MovableStore.fresh();
  private final byte[] keyOne = key();
  private final byte[] keyTwo = key();
  private final VaultEntries entries = entries(keyOne);

  private static byte[] key() {
    var key = new byte[SealingKeys.LENGTH];
    RANDOM.nextBytes(key);
    return key;
  }

  private VaultEntries entries(byte[]... keys) {
    return new VaultEntries(store, () -> SealingKeys.of(List.of(keys), RANDOM), () -> LIFE);
  }

  private void write(VaultKey key) {
    done(entries.change(key, old -> Optional.of(ENTRY)));
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
    return new VaultEntry(
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
  void an_entry_does_not_open_with_another_key() {
    write(ALICE);
    assertThat(read(entries(keyTwo), ALICE)).isEmpty();
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
