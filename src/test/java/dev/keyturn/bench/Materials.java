package dev.keyturn.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Mount;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What each mount holds at the moment: of what has a life, the newest and the one before it. */
final class Materials {
  /**
   * How many secrets of a kind there are before the first comes back. What a session may still be
   * sealed with is known for the life of sessions, and at most 32 are known at once.
   */
  private static final int DIFFERENT = 16;

  private final SecureRandom random = new SecureRandom();
  private final GivenCertificate authority = GivenCertificate.good();
  private final Map<Kind, Map<String, byte[]>> now = new TreeMap<>();
  private final Map<Kind, Deque<byte[]>> used = new TreeMap<>();
  private final Deque<String> clientSecrets = new ArrayDeque<>();
  private GivenCertificate certificate = authority;
  private int made;

  Materials() {
    for (var kind : Kind.values()) {
      renew(kind);
      renew(kind);
    }
  }

  /** Makes a new one and puts it before the one that was the newest. */
  synchronized void renew(Kind kind) {
    made++;
    var content =
        switch (kind) {
          case SIGNING -> signing();
          case HMAC -> followed(kind, "hmac", () -> text(48).getBytes(US_ASCII));
          case VAULT -> followed(kind, "vault", () -> bytes(32));
          case CLIENT_SECRET -> clientSecret();
          case CERTIFICATE -> certificate();
          case CONFIGURATION -> Map.of("number", Mount.bytes(String.valueOf(made)));
        };
    now.put(kind, content);
  }

  synchronized Map<String, byte[]> content(Kind kind) {
    return now.getOrDefault(kind, Map.of());
  }

  /** The number of the newest configuration. */
  synchronized String number() {
    return new String(content(Kind.CONFIGURATION).getOrDefault("number", new byte[0]), US_ASCII);
  }

  GivenCertificate authority() {
    return authority;
  }

  synchronized GivenCertificate servedNow() {
    return certificate;
  }

  /** The newest first. */
  synchronized Deque<String> secretsOfClient() {
    return new ArrayDeque<>(clientSecrets);
  }

  private Map<String, byte[]> signing() {
    var next = new TreeMap<String, byte[]>();
    var before = new TreeMap<>(content(Kind.SIGNING));
    if (!before.isEmpty()) {
      next.put(before.lastKey(), before.get(before.lastKey()));
    }
    var key = NewKey.make(SigningAlgorithm.ES256, random);
    next.put("%09d.pem".formatted(made), Mount.bytes(key.pem()));
    return next;
  }

  private Map<String, byte[]> followed(Kind kind, String name, Supplier<byte[]> maker) {
    var next = new TreeMap<String, byte[]>();
    var before = content(kind).get(name);
    next.put(name + "-previous", before == null ? maker.get() : before);
    next.put(name, following(used.computeIfAbsent(kind, any -> new ArrayDeque<>()), maker));
    return next;
  }

  private static byte[] following(Deque<byte[]> used, Supplier<byte[]> maker) {
    var next = used.size() < DIFFERENT ? maker.get() : used.removeFirst();
    used.addLast(next);
    return next;
  }

  private Map<String, byte[]> clientSecret() {
    clientSecrets.addFirst(text(32));
    return Map.of("secret", Mount.bytes(clientSecrets.getFirst()));
  }

  private Map<String, byte[]> certificate() {
    certificate = authority.issues();
    return Map.of(
        "tls.crt",
        Mount.bytes(certificate.certificatePem()),
        "tls.key",
        Mount.bytes(certificate.keyPem()));
  }

  private String text(int length) {
    return HexFormat.of().formatHex(bytes(length / 2));
  }

  private byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
