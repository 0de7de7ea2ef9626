package dev.keyturn.registration;

import dev.keyturn.client.Registration;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The URL and the token by which a client reads its own record.
 *
 * <p>The token of a shared record is a MAC over the {@code client_id}, so it is kept nowhere.
 * Everybody who registers the same metadata is given the same one, which is why it reads and never
 * writes. The token of a record that is not shared is random, and kept by its hash.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-3">RFC 7592, section 3</a>
 */
public final class RegistrationAccess {
  static final String PATH = "/oauth/register";

  private static final int RANDOM_BYTES = 32;

  private final Issuer issuer;
  private final HmacSecrets secrets;
  private final SecureRandom random;

  public RegistrationAccess(Issuer issuer, HmacSecrets secrets, SecureRandom random) {
    this.issuer = issuer;
    this.secrets = secrets.forPurpose("registration");
    this.random = random;
  }

  Issuer issuer() {
    return issuer;
  }

  /** A name for a record that is not shared. Identifiers that start with u_ are for users. */
  String newId() {
    var id = newToken();
    return id.startsWith("u_") ? newId() : id;
  }

  /** A token, or a secret, for a record that is not shared. */
  String newToken() {
    var bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return base64(bytes);
  }

  /** A shared record as its clients see it. */
  JsonObject show(Registration record) {
    return show(record, base64(secrets.sign(bytes(record.id()))));
  }

  /** The record as its client sees it, which knows {@code token}. */
  JsonObject show(Registration record, String token) {
    return new JsonObject()
        .put("client_id", record.id())
        .put("client_id_issued_at", record.issuedAt().getEpochSecond())
        .mergeIn(record.metadata().toJson())
        .put("registration_access_token", token)
        .put("registration_client_uri", issuer.url(PATH + "/" + record.id()));
  }

  /** Whether {@code token} is the one of {@code record}. */
  boolean admits(Registration record, String token) {
    return record
        .owner()
        .map(owner -> owner.admits(token))
        .orElseGet(() -> isMacOf(record.id(), token));
  }

  private boolean isMacOf(String clientId, String token) {
    try {
      return secrets.verify(bytes(clientId), Base64.getUrlDecoder().decode(token));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String clientId) {
    return clientId.getBytes(StandardCharsets.UTF_8);
  }
}
