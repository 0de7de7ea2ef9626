package dev.keyturn.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.keys.KeyRing.Listings;
import dev.keyturn.keys.Listing.Listed;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyRingTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Timing TIMING =
      new Timing(
          Duration.ofMinutes(7),
          Duration.ofMinutes(2),
          Duration.ofHours(1),
          Duration.ofDays(30),
          Duration.ofMinutes(10));
  private static final SigningKey A = SigningKey.generate(RANDOM);
  private static final SigningKey B = SigningKey.generate(RANDOM);

  private final KeyRing ring = next(KeyRing.EMPTY, lists(Set.of(), A));

  @Test
  void reads_what_it_has_written() {
    var later = NOW.plus(Duration.ofDays(1));
    var full = ring.next(changes(List.of(A), Set.of("gone"), B, A), TIMING, later);
    assertThat(KeyRing.fromJson(new JsonObject(full.toJson().encode()))).isEqualTo(full);
  }

  @Test
  void holds_public_members_of_keys_and_no_others() {
    var known = ring.toJson().getJsonObject("signing").getJsonArray("keys").getJsonObject(0);
    assertThat(known.getJsonObject("jwk").fieldNames())
        .containsExactlyInAnyOrder("kty", "use", "alg", "kid", "crv", "x", "y");
  }

  @Test
  void refuses_to_read_a_key_under_another_name() {
    var json = ring.toJson();
    json.getJsonObject("signing")
        .getJsonArray("keys")
        .getJsonObject(0)
        .getJsonObject("jwk")
        .put("kid", B.kid());
    assertThatThrownBy(() -> KeyRing.fromJson(json)).hasMessageContaining("not a public key");
  }

  @Test
  void is_the_same_where_nothing_is_new() {
    assertThat(next(ring, changes(List.of(A), Set.of(), A))).isEqualTo(ring);
  }

  @Test
  void secrets_wait_only_for_replicas() {
    var secrets = next(KeyRing.EMPTY, secrets(Optional.empty(), "s"));
    var later = NOW.plus(Duration.ofDays(1));
    var rotated = secrets.next(secrets(Optional.of("s"), "t"), TIMING, later);
    assertThat(rotated.of(Purpose.HMAC).find("t").orElseThrow().from())
        .contains(later.plus(TIMING.propagation()));
  }

  @Test
  void what_secrets_made_lives_longer_than_tokens() {
    var secrets = next(KeyRing.EMPTY, secrets(Optional.empty(), "s"));
    assertThat(secrets.of(Purpose.HMAC).find("s").orElseThrow().life())
        .isEqualTo(TIMING.longestOpaque());
  }

  @Test
  void a_key_that_changes_its_algorithm_is_published_under_the_new_one() {
    var rsa = GivenKeys.key("rsa2048-pkcs8.pem");
    var before = next(KeyRing.EMPTY, lists(Set.of(), rsa));
    var after = next(before, changes(List.of(rsa), Set.of(), rsa.under(SigningAlgorithm.PS256)));
    assertThat(after.of(Purpose.SIGNING).find(rsa.kid()).orElseThrow().half().orElseThrow())
        .extracting(VerificationKey::algorithm)
        .isEqualTo(SigningAlgorithm.PS256);
  }

  @Test
  void remembers_what_was_revoked_when_it_is_no_longer_listed() {
    var revoked = next(ring, changes(List.of(A), Set.of(A.kid()), B));
    assertThat(next(revoked, changes(List.of(B), Set.of(), B)).revoked()).containsKey(A.kid());
  }

  @Test
  void a_revoked_key_does_not_come_back() {
    var revoked = next(ring, changes(List.of(A), Set.of(A.kid()), B));
    var again = next(revoked, changes(List.of(B), Set.of(), B, A));
    assertThat(again.of(Purpose.SIGNING).find(A.kid())).isEmpty();
  }

  @Test
  void refuses_a_list_that_its_own_revocations_leave_without_a_signer() {
    refuses(
        changes(List.of(A), Set.of(A.kid()), A),
        "revoked_keys leaves no signing key: list one that is not revoked first");
  }

  @Test
  void refuses_a_new_list_of_keys_that_were_revoked_before() {
    var revoked = next(ring, changes(List.of(A), Set.of(A.kid()), B));
    assertThatThrownBy(() -> next(revoked, changes(List.of(B), Set.of(), A)))
        .hasMessage(
            "every signing key that is listed was revoked, which cannot be undone: list a new one");
  }

  @Test
  void bears_with_a_replica_that_has_not_seen_the_successor_of_a_revoked_key() {
    var revoked = next(ring, changes(List.of(A), Set.of(A.kid()), B));
    assertThat(next(revoked, changes(List.of(A), Set.of(), A))).isEqualTo(revoked);
  }

  @Test
  void knows_as_many_keys_as_it_may() {
    var many = IntStream.range(0, 32).mapToObj(i -> SigningKey.generate(RANDOM)).toList();
    var full = next(KeyRing.EMPTY, lists(Set.of(), many.toArray(SigningKey[]::new)));
    assertThat(full.of(Purpose.SIGNING).keys()).hasSize(32);
  }

  @Test
  void refuses_one_key_more_than_it_may_know_with_the_count() {
    var many = IntStream.range(0, 32).mapToObj(i -> SigningKey.generate(RANDOM)).toList();
    refuses(
        changes(List.of(A), Set.of(), many.toArray(SigningKey[]::new)),
        "33 keys of the kind signing would be known at once, 32 of them listed here; at most 32 can"
            + " be: wait until retiring ones are gone");
  }

  @Test
  void forgets_the_oldest_of_very_many_revocations() {
    var first = new HashSet<String>();
    IntStream.range(0, 256).forEach(i -> first.add("old" + i));
    var revoked = next(ring, changes(List.of(A), first, A));
    var later = NOW.plusSeconds(1);
    var one = revoked.next(changes(List.of(A), Set.of("new"), A), TIMING, later);
    var none = one.next(changes(List.of(A), Set.of(), A), TIMING, later);
    assertThat(none.revoked()).hasSize(256).containsKey("new");
  }

  private void refuses(Listings listings, String because) {
    assertThatThrownBy(() -> next(ring, listings))
        .isInstanceOf(KeysRefusedException.class)
        .hasMessage(because);
  }

  private static KeyRing next(KeyRing ring, Listings listings) {
    return ring.next(listings, TIMING, NOW);
  }

  private static Listings lists(Set<String> revoked, SigningKey... keys) {
    return listings(revoked, Purpose.SIGNING, listed(keys), Optional.empty());
  }

  private static Listings changes(List<SigningKey> before, Set<String> revoked, SigningKey... now) {
    return listings(
        revoked,
        Purpose.SIGNING,
        listed(now),
        Optional.of(listed(before.toArray(SigningKey[]::new))));
  }

  private static Listings secrets(Optional<String> before, String now) {
    var listed = List.of(new Listed(now, Optional.empty()));
    return listings(
        Set.of(),
        Purpose.HMAC,
        listed,
        before.map(id -> List.of(new Listed(id, Optional.empty()))));
  }

  private static List<Listed> listed(SigningKey... keys) {
    return Stream.of(keys)
        .map(key -> new Listed(key.kid(), Optional.of(key.publicHalf())))
        .toList();
  }

  private static Listings listings(
      Set<String> revoked, Purpose purpose, List<Listed> keys, Optional<List<Listed>> before) {
    var all = new EnumMap<Purpose, Listing>(Purpose.class);
    Arrays.stream(Purpose.values())
        .forEach(each -> all.put(each, new Listing(List.of(), Optional.empty(), Set.of())));
    var present = new HashSet<String>();
    keys.forEach(key -> present.add(key.id()));
    all.put(purpose, new Listing(keys, before, present));
    return new Listings(all, revoked);
  }
}
