package dev.keyturn.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The Kubernetes API for one user, in bare HTTP and JSON. */
public final class KubeApi {
  private final URI server;
  private final String token;
  private final HttpClient client;
  private final ObjectMapper mapper = new ObjectMapper();

  KubeApi(URI server, GivenCertificate trusted, String token) {
    this.server = server;
    this.token = token;
    this.client = HttpClient.newBuilder().sslContext(trusting(trusted)).build();
  }

  /**
   * What the API server answered.
   *
   * @param warnings the texts of its headers {@code Warning}
   */
  public record Said(int status, JsonNode body, List<String> warnings) {}

  public Said get(String path) {
    return send("GET", path, "");
  }

  public Said delete(String path) {
    return send("DELETE", path, "");
  }

  public Said post(String path, JsonNode object) {
    return send("POST", path, object.toString());
  }

  /** Changes a part of it, by RFC 7396. */
  public Said merge(String path, JsonNode part) {
    return send("PATCH", path, part.toString(), "application/merge-patch+json");
  }

  public Said put(String path, JsonNode object) {
    return send("PUT", path, object.toString());
  }

  /** Whether the server does its work. */
  boolean isReady() {
    try {
      return get("/readyz").status() == 200;
    } catch (IllegalStateException e) {
      return false; // Nobody listens yet.
    }
  }

  private Said send(String method, String path, String body) {
    return send(method, path, body, "application/json");
  }

  private Said send(String method, String path, String body, String type) {
    var request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Patience.LONG)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Said(answer.statusCode(), json(answer.body()), warnings(answer));
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** RFC 7234, section 5.5: a code, an agent, a quoted text. */
  private static List<String> warnings(HttpResponse<String> answer) {
    return answer.headers().allValues("Warning").stream()
        .map(text -> text.replaceAll("^299 \\S+ \"(.*)\"$", "$1").replace("\\\"", "\""))
        .toList();
  }

  private JsonNode json(String text) {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      return mapper.getNodeFactory().textNode(text);
    }
  }

  private static SSLContext trusting(GivenCertificate trusted) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("server", trusted.certificate());
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
