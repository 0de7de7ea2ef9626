package dev.keyturn.keys;

import dev.keyturn.crypto.Hkdf;
import dev.keyturn.keys.Listing.Listed;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The private keys and secrets in the memory of this process: those that are listed, and those that
 * were and are still needed.
 */
final class Holdings {
  private static final int ID_LENGTH = 16;

  private final Map<String, SigningKey> signing;
  private final Map<Purpose, Map<String, byte[]>> secrets;

  private Holdings(Map<String, SigningKey> signing, Map<Purpose, Map<String, byte[]>> secrets) {
    this.signing = signing;
    this.secrets = secrets;
  }

  static Holdings none() {
    return new Holdings(Map.of(), Map.of());
  }

  /** Those that are declared, in their order. */
  static Holdings of(Declared declared) {
    var signing = new LinkedHashMap<String, SigningKey>();
    declared.signing().forEach(key -> signing.put(key.kid(), key));
    var secrets = new EnumMap<Purpose, Map<String, byte[]>>(Purpose.class);
    secrets.put(Purpose.HMAC, named(Purpose.HMAC, declared.hmac()));
    secrets.put(Purpose.COOKIE, named(Purpose.COOKIE, declared.cookies()));
    secrets.put(Purpose.VAULT, named(Purpose.VAULT, declared.vault()));
    return new Holdings(signing, secrets);
  }

  /** These, and behind them what the others have besides. */
  Holdings and(Holdings others) {
    var all = new EnumMap<Purpose, Map<String, byte[]>>(Purpose.class);
    secrets.forEach((purpose, map) -> all.put(purpose, joined(map, others.of(purpose))));
    return new Holdings(joined(signing, others.signing), all);
  }

  /** Those of them that are still needed. */
  Holdings only(BiPredicate<Purpose, String> needed) {
    var fewer = new EnumMap<Purpose, Map<String, byte[]>>(Purpose.class);
    secrets.forEach(
        (purpose, map) -> fewer.put(purpose, filtered(map, id -> needed.test(purpose, id))));
    return new Holdings(filtered(signing, id -> needed.test(Purpose.SIGNING, id)), fewer);
  }

  List<Listed> listed(Purpose purpose) {
    return purpose == Purpose.SIGNING
        ? signing.values().stream()
            .map(key -> new Listed(key.kid(), Optional.of(key.publicHalf())))
            .toList()
        : of(purpose).keySet().stream().map(id -> new Listed(id, Optional.empty())).toList();
  }

  boolean listsTheSameAs(Holdings other) {
    return Arrays.stream(Purpose.values())
        .allMatch(purpose -> listed(purpose).equals(other.listed(purpose)));
  }

  Set<String> names(Purpose purpose) {
    return purpose == Purpose.SIGNING ? signing.keySet() : of(purpose).keySet();
  }

  Optional<SigningKey> signingKey(String kid) {
    return Optional.ofNullable(signing.get(kid));
  }

  Map<String, byte[]> of(Purpose purpose) {
    return secrets.getOrDefault(purpose, Map.of());
  }

  private static Map<String, byte[]> named(Purpose purpose, List<byte[]> list) {
    var named = new LinkedHashMap<String, byte[]>();
    list.forEach(secret -> named.putIfAbsent(name(purpose, secret), secret.clone()));
    return named;
  }

  /** A name that does not tell the secret, and differs where it serves two purposes. */
  private static String name(Purpose purpose, byte[] secret) {
    var derived = Hkdf.derive(secret, "keyturn ring name " + purpose.wire());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(derived, ID_LENGTH));
  }

  private static <T> Map<String, T> joined(Map<String, T> first, Map<String, T> then) {
    var all = new LinkedHashMap<>(first);
    then.forEach(all::putIfAbsent);
    return all;
  }

  private static <T> Map<String, T> filtered(Map<String, T> map, Predicate<String> needed) {
    return map.entrySet().stream()
        .filter(entry -> needed.test(entry.getKey()))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
  }

  /** Says how many there are, and nothing of them. */
  @Override
  public String toString() {
    return "Holdings[" + signing.size() + " keys]";
  }
}
