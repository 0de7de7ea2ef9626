package dev.keyturn.embedding;

import dev.keyturn.server.AuthorizationServer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.file.Path;

// example: application
/** An application with routes of its own, and with a login. */
final class ExampleApplication extends VerticleBase {
  private static final String API = "http://127.0.0.1:8080/api";

  private final Path configuration;
  private final int port;

  ExampleApplication(Path configuration, int port) {
    this.configuration = configuration;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    var router = Router.router(vertx);
    router.route().handler(BodyHandler.create());
    router.get("/").handler(context -> context.end("welcome"));
    return AuthorizationServer.builder(vertx)
        .configFile(configuration)
        .resource(API, "notes:read", "notes:write")
        .busPrefix("login.")
        .mounted()
        .start()
        .map(keyturn -> keyturn.mount(router))
        .onSuccess(keyturn -> guard(router, keyturn))
        .compose(keyturn -> vertx.createHttpServer().requestHandler(router).listen(port));
  }

  /** Reading needs one scope, writing another. */
  private static void guard(Router router, AuthorizationServer keyturn) {
    router
        .get("/api/notes")
        .handler(keyturn.authenticationHandler(API, "notes:read"))
        .handler(context -> context.json(context.user().principal()));
    router
        .post("/api/notes")
        .handler(keyturn.authenticationHandler(API, "notes:write"))
        .handler(context -> context.response().setStatusCode(201).end());
  }
}
// end
