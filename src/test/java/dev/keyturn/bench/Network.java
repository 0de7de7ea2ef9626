package dev.keyturn.bench;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The clients' way to servers whose certificates one authority has signed.
 *
 * <p>Every second it begins with new connections, so that handshakes go on all the time.
 */
final class Network {
  private static final Duration AGE = Duration.ofSeconds(1);

  private final X509Certificate authority;
  private long since;
  private HttpClient client;

  Network(X509Certificate authority) {
    this.authority = authority;
    this.since = System.nanoTime();
    this.client = fresh();
  }

  synchronized HttpClient client() {
    if (System.nanoTime() - since > AGE.toNanos()) {
      client = fresh();
      since = System.nanoTime();
    }
    return client;
  }

  /** The way to the replica at {@code port}, whose issuer names another one. */
  static UnaryOperator<URI> way(URI issuer, int port) {
    return url ->
        url.getPort() == issuer.getPort()
            ? URI.create(url.toString().replaceFirst(":" + issuer.getPort(), ":" + port))
            : url;
  }

  SSLContext tls() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new OneAuthority(authority)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpClient fresh() {
    return HttpClient.newBuilder()
        .sslContext(tls())
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(60))
        .build();
  }

  /** Trusts what the authority of this run has signed. */
  private static final class OneAuthority extends X509ExtendedTrustManager {
    private final X509Certificate authority;

    OneAuthority(X509Certificate authority) {
      this.authority = authority;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      try {
        chain[0].verify(authority.getPublicKey());
      } catch (GeneralSecurityException e) {
        throw new CertificateException("the certificate is of another authority", e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("there are no client certificates");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
