package dev.keyturn.operator.admission;

import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Patience;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Somebody who asks a webhook, each time on a new connection, and trusts these certificates. */
record Asking(int port, List<GivenCertificate> trusted) {
  Asking(int port, GivenCertificate... trusted) {
    this(port, List.of(trusted));
  }

  /** Sends a review as the API server does. */
  HttpResponse<String> review(byte[] body) {
    return send("POST", "/validate?timeout=5s", "application/json", body);
  }

  /** What it says to a review. */
  JsonObject verdict(GivenReview review) {
    return new JsonObject(review(review.bytes()).body()).getJsonObject("response");
  }

  HttpResponse<String> send(String method, String path, String type, byte[] body) {
    var request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
            .timeout(Patience.LONG)
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofByteArray(body));
    return send(request.build());
  }

  /** The answer to a review, whenever it comes. */
  CompletableFuture<HttpResponse<String>> later(byte[] body) {
    var request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/validate?timeout=5s"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return client().sendAsync(request, BodyHandlers.ofString());
  }

  private HttpClient client() {
    return HttpClient.newBuilder().sslContext(context()).build();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client().send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The certificate that a new connection is shown. */
  Certificate shown() {
    try (var socket = context().getSocketFactory().createSocket("127.0.0.1", port)) {
      var tls = (SSLSocket) socket;
      tls.startHandshake();
      return tls.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SSLContext context() {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var one : trusted) {
        store.setCertificateEntry(String.valueOf(one.hashCode()), one.certificate());
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
