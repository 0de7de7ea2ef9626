package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Pages;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Routes;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.List;

/** Endpoints behind a real socket, and a client to ask them. */
public final class GivenServer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server;

  private GivenServer(Issuer issuer, List<? extends Endpoint> endpoints) {
    var router = Router.router(vertx);
    new Routes(new Refusals(Pages.create(vertx, issuer)), new SecureRandom())
        .mount(router, endpoints);
    server = done(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
  }

  public static GivenServer with(Issuer issuer, List<? extends Endpoint> endpoints) {
    return new GivenServer(issuer, endpoints);
  }

  public int port() {
    return server.actualPort();
  }

  /** A request that the caller may still change. */
  public HttpRequest.Builder request(String method, String path, String body) {
    var publisher =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Patience.LONG)
        .version(HttpClient.Version.HTTP_1_1)
        .method(method, publisher);
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
