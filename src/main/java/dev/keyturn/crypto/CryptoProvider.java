package dev.keyturn.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;

/**
 * What computes signatures: native code where it loads, else the JDK.
 *
 * <p>It is handed to each signer and never installed, so that nothing changes for the rest of
 * somebody's JVM.
 *
 * @param provider the native provider; empty means the JDK's own
 * @param reason why it is that one, for the start line
 */
public record CryptoProvider(Optional<Provider> provider, String reason) {
  /** The JDK's own providers. */
  public static CryptoProvider jdk(String reason) {
    return new CryptoProvider(Optional.empty(), reason);
  }

  /** Native code if it loads and passes its self-tests; {@code keyturn.crypto=jdk} forbids it. */
  public static CryptoProvider detect() {
    if ("jdk".equals(System.getProperty("keyturn.crypto"))) {
      return jdk("the system property keyturn.crypto asks for the JDK");
    }
    try {
      var accp = AmazonCorrettoCryptoProvider.INSTANCE;
      accp.assertHealthy();
      return new CryptoProvider(Optional.of(accp), "native code loaded and passed its self-tests");
    } catch (RuntimeException | LinkageError e) {
      return jdk("native code is not available here: " + e.getClass().getSimpleName());
    }
  }

  public boolean isNative() {
    return provider.isPresent();
  }

  /** The name for the start line. */
  public String name() {
    return provider.map(Provider::getName).orElse("JDK");
  }
}
