package dev.keyturn.upstream;

import static dev.keyturn.upstream.ClientAuthentication.CLIENT_SECRET_POST;
import static dev.keyturn.upstream.ClientAuthentication.NONE;
import static dev.keyturn.upstream.ClientAuthentication.PRIVATE_KEY_JWT;

import dev.keyturn.config.Secret;
import dev.keyturn.config.SecretRef;
import dev.keyturn.config.Settings;
import dev.keyturn.keys.SigningKey;
import dev.keyturn.secrets.SecretReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads which client Keyturn is at a provider, and the secret or the key that proves it.
 *
 * @param rules what the provider expects of what such a key signs
 */
record ClientReader(Settings settings, SecretReader secrets, ProofRules rules) {
  /** The settings of a client that is known beforehand. */
  static final List<String> FIELDS =
      List.of(
          "client_id",
          "client_secret_file",
          "client_secret_env_var",
          "client_key_file",
          "client_key_env_var",
          "client_assertion_audience");

  private static final String SECRET = "client_secret";
  private static final String KEY = "client_key";
  private static final String AUDIENCE = "client_assertion_audience";
  private static final Predicate<String> NAME =
      Pattern.compile("[\\x21-\\x7E]{1,2048}").asMatchPredicate();

  Credentials read() {
    var method = ClientAuthentication.read(settings, usual());
    if (method == PRIVATE_KEY_JWT) {
      requireKeyAlone();
    } else {
      requireNoKey(method);
    }
    var secret = settings.secret(SECRET).flatMap(secrets::text);
    var audience = audience();
    var key = settings.secret(KEY).flatMap(this::key).map(own -> new ClientKey(own, audience));
    return new Credentials(settings.required("client_id"), secret, key, method);
  }

  private ClientAuthentication usual() {
    return given(KEY).findAny().isPresent()
        ? PRIVATE_KEY_JWT
        : given(SECRET).findAny().isPresent() ? CLIENT_SECRET_POST : NONE;
  }

  private void requireKeyAlone() {
    if (given(KEY).findAny().isEmpty()) {
      settings.refuse(
          ClientAuthentication.FIELD,
          "private_key_jwt needs client_key_file or client_key_env_var");
    }
    given(SECRET)
        .forEach(
            field ->
                settings.refuse(
                    field,
                    "does not go with private_key_jwt: a key proves who we are, so name"
                        + " client_key_file or client_key_env_var alone"));
  }

  private void requireNoKey(ClientAuthentication method) {
    given(KEY)
        .forEach(
            field ->
                settings.refuse(
                    field,
                    "does not go with "
                        + method.wire()
                        + ": it needs private_key_jwt as token_endpoint_auth_method"));
    if (settings.has(AUDIENCE)) {
      settings.refuse(AUDIENCE, "is for private_key_jwt alone: leave it out");
    }
    if (method != NONE && given(SECRET).findAny().isEmpty()) {
      settings.refuse(
          ClientAuthentication.FIELD, "needs client_secret_file or client_secret_env_var");
    }
  }

  private Stream<String> given(String secret) {
    return Stream.of(secret + "_file", secret + "_env_var").filter(settings::has);
  }

  private Optional<SigningKey> key(SecretRef ref) {
    return secrets.text(ref).flatMap(pem -> key(ref, pem));
  }

  private Optional<SigningKey> key(SecretRef ref, Secret pem) {
    try {
      var key = SigningKey.fromCertifiedPem(pem.value().getBytes(StandardCharsets.UTF_8));
      return Optional.of(rules.applied(key));
    } catch (IllegalArgumentException e) {
      settings
          .findings()
          .error(ref.setting(), "names " + place(ref) + ", which is no good: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static String place(SecretRef ref) {
    return ref instanceof SecretRef.File file
        ? file.path().toString()
        : "the variable " + ((SecretRef.Variable) ref).name();
  }

  private String audience() {
    var audience = settings.text(AUDIENCE).orElse(rules.audience());
    if (settings.has(AUDIENCE) && !NAME.test(audience)) {
      settings.refuse(AUDIENCE, "must be at most 2048 characters of ASCII without blanks");
    }
    return audience;
  }
}
