package dev.keyturn.registration;

import dev.keyturn.client.Registration;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The URL and the token by which a client reads its own record.
 *
 * <p>The token is a MAC over the {@code client_id}, so it is kept nowhere. Everybody who registers
 * the same metadata is given the same one, which is why it reads and never writes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-3">RFC 7592, section 3</a>
 */
public final class RegistrationAccess {
  static final String PATH = "/oauth/register";

  private final Issuer issuer;
  private final HmacSecrets secrets;

  public RegistrationAccess(Issuer issuer, HmacSecrets secrets) {
    this.issuer = issuer;
    this.secrets = secrets.forPurpose("registration");
  }

  Issuer issuer() {
    return issuer;
  }

  /** The record as its client sees it. */
  JsonObject show(Registration record) {
    return new JsonObject()
        .put("client_id", record.id())
        .put("client_id_issued_at", record.issuedAt().getEpochSecond())
        .mergeIn(record.metadata().toJson())
        .put("registration_access_token", token(record.id()))
        .put("registration_client_uri", issuer.url(PATH + "/" + record.id()));
  }

  /** Whether {@code token} is the one of {@code clientId}. */
  boolean admits(String clientId, String token) {
    try {
      return secrets.verify(bytes(clientId), Base64.getUrlDecoder().decode(token));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private String token(String clientId) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.sign(bytes(clientId)));
  }

  private static byte[] bytes(String clientId) {
    return clientId.getBytes(StandardCharsets.UTF_8);
  }
}
