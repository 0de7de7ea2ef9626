package dev.keyturn.server;

import dev.keyturn.given.Mount;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What somebody may put into a directory of keys by mistake; the good files are {@code 1.pem},
 * {@code hmac}, {@code vault} and {@code client}, the key that proves us at the provider.
 *
 * @param name what it is
 * @param told what the refusal must tell: setting, file and reason
 */
record BadInput(String name, String told, Consumer<Map<String, byte[]>> mistake) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String PEM =
      "signing_key_config.key_dir names KEYS/2.pem, which is no good: ";
  private static final String CLIENT =
      "upstreams[0].oidc_config.client_key_file names KEYS/client, which is no good: ";
  private static final int SHORTEST = 8;

  static Stream<BadInput> all() {
    var whole = made().pem();
    return Stream.of(
        pem("half a PEM", "holds a PEM block without its", half(whole)),
        pem("an empty file", "holds no PEM block", ""),
        pem("a public key", "holds a public key", resource("public-key.pem")),
        pem("a certificate", "holds a certificate", resource("certificate.pem")),
        pem("an RSA key of 1024 bits", "holds an RSA key of 1024 bits", resource("weak-rsa.pem")),
        pem("an unusable curve", "holds an EC key on secp256k1", resource("secp256k1-pkcs8.pem")),
        pem(
            "half of what is in a PEM",
            "holds a private key that is damaged",
            resource("truncated-der.pem")),
        new BadInput(
            "an HMAC secret of 31 bytes",
            "hmac_secret_files[0] names KEYS/hmac, which holds 31 bytes",
            files -> files.put("hmac", Mount.bytes("x".repeat(31)))),
        new BadInput(
            "a vault key of 31 bytes",
            "vault.key_files[0] names KEYS/vault, which must hold 32 random bytes",
            files -> files.put("vault", Mount.bytes("v".repeat(31)))),
        new BadInput(
            "half of our key at the provider",
            CLIENT + "holds a PEM block without its",
            files -> files.put("client", Mount.bytes(half(whole)))),
        new BadInput(
            "our certificate at the provider in place of the key",
            CLIENT + "holds a certificate",
            files -> files.put("client", Mount.bytes(resource("certificate.pem")))),
        new BadInput(
            "the same key twice",
            "signing_key_config.key_dir names KEYS/1.pem, which holds the key",
            files -> files.put("2.pem", Objects.requireNonNull(files.get("1.pem")))),
        new BadInput(
            "a vanished file",
            "hmac_secret_files[0] names KEYS/hmac, which does not exist",
            files -> files.remove("hmac")),
        new BadInput(
            "a directory without a key",
            "signing_key_config.key_dir names KEYS, which holds no *.pem",
            files -> files.remove("1.pem")),
        new BadInput(
            "33 keys",
            "signing_key_config.key_dir makes 33 keys; at most 32 can be known at once",
            BadInput::crowd));
  }

  /** The files with the mistake in them. */
  Map<String, byte[]> in(Map<String, byte[]> good) {
    var bad = new TreeMap<>(good);
    mistake.accept(bad);
    return bad;
  }

  /** Every piece of the files that nobody else should read. */
  static Set<String> secretsOf(Map<String, byte[]> files) {
    var secrets = new HashSet<String>();
    files
        .values()
        .forEach(
            content ->
                new String(content, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.length() >= SHORTEST && !line.startsWith("-----"))
                    .map(line -> line.substring(0, SHORTEST))
                    .forEach(secrets::add));
    return secrets;
  }

  @Override
  public String toString() {
    return name;
  }

  private static BadInput pem(String name, String reason, String content) {
    return new BadInput(name, PEM + reason, files -> files.put("2.pem", Mount.bytes(content)));
  }

  private static void crowd(Map<String, byte[]> files) {
    for (int i = 0; i < 32; i++) {
      files.put("many" + i + ".pem", Mount.bytes(made().pem()));
    }
  }

  private static NewKey made() {
    return NewKey.make(SigningAlgorithm.ES256, RANDOM);
  }

  private static String half(String text) {
    return text.substring(0, text.length() / 2);
  }

  private static String resource(String name) {
    try (var in = BadInput.class.getResourceAsStream("/dev/keyturn/keys/refused/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
