package dev.keyturn.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.oauth.Issuer;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RegistrationAccessTest {
  /** Makes an id that starts with u_ first, and then another one. */
  private static final class Unlucky extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private boolean again;

    @Override
    public void nextBytes(byte[] bytes) {
      Arrays.fill(bytes, (byte) 0);
      if (!again) {
        bytes[0] = (byte) 0xBB;
        bytes[1] = (byte) 0xF0;
      }
      again = true;
    }
  }

  private static RegistrationAccess access() {
    return new RegistrationAccess(
        new Issuer("https://mcp.example.com"),
        HmacSecrets.ephemeral(new SecureRandom()),
        new Unlucky());
  }

  @Test
  void an_id_that_would_name_a_user_is_made_anew() {
    assertThat(access().newToken()).startsWith("u_");
    assertThat(access().newId()).isEqualTo("A".repeat(43));
  }
}
