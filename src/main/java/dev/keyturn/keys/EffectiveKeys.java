package dev.keyturn.keys;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.crypto.SealingKeys;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes the keys that are in force out of the ring and of what is here; what is the same as before
 * stays the same object.
 */
final class EffectiveKeys {
  private final SecureRandom random;
  private final Reused<HmacSecrets> hmac = new Reused<>();
  private final Reused<HmacSecrets> cookies = new Reused<>();
  private final Reused<SealingKeys> vault = new Reused<>();
  private Optional<SigningKeys> signing = Optional.empty();

  EffectiveKeys(SecureRandom random) {
    this.random = random;
  }

  KeysNow of(RingView view, Optional<String> problem) {
    var codes = hmac.of(view, Purpose.HMAC, HmacSecrets::of);
    var ownCookies = !view.here().names(Purpose.COOKIE).isEmpty();
    var ownVault = !view.here().names(Purpose.VAULT).isEmpty();
    var states = new KeyStates(view);
    return new KeysNow(
        signing(view),
        codes,
        ownCookies
            ? Optional.of(cookies.of(view, Purpose.COOKIE, HmacSecrets::of))
            : Optional.empty(),
        ownVault
            ? vault.of(view, Purpose.VAULT, keys -> SealingKeys.of(keys, random))
            : vault.of(view, Purpose.HMAC, keys -> HmacSecrets.of(keys).sealing("vault", random)),
        states.all(),
        states.nextChange(),
        problem);
  }

  private SigningKeys signing(RingView view) {
    var signer = view.signerHere(Purpose.SIGNING).map(KnownKey::id);
    var published =
        view.ring().of(Purpose.SIGNING).keys().stream()
            .filter(key -> !signer.equals(Optional.of(key.id())))
            .map(key -> half(key, view))
            .flatMap(Optional::stream)
            .toList();
    var now = SigningKeys.of(signer.flatMap(view.here()::signingKey), published);
    signing = Optional.of(signing.filter(now::isSameAs).orElse(now));
    return signing.get();
  }

  private static Optional<VerificationKey> half(KnownKey key, RingView view) {
    var last = key.lastSigned().map(at -> at.plus(view.pace(Purpose.SIGNING).leeway()));
    return key.half().map(half -> last.map(half::until).orElse(half));
  }

  /** The object that was made of the same secrets in the same order, or a new one. */
  private static final class Reused<T> {
    private List<String> order = List.of();
    private Optional<T> made = Optional.empty();

    T of(RingView view, Purpose purpose, Function<List<byte[]>, T> maker) {
      var next = view.order(purpose).stream().map(id -> purpose.wire() + " " + id).toList();
      if (made.isEmpty() || !next.equals(order)) {
        var secrets = view.here().of(purpose);
        made =
            Optional.of(
                maker.apply(
                    view.order(purpose).stream()
                        .map(id -> Objects.requireNonNull(secrets.get(id)))
                        .toList()));
        order = next;
      }
      return made.get();
    }
  }
}
