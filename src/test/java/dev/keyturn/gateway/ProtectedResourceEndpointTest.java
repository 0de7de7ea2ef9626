package dev.keyturn.gateway;

import static dev.keyturn.gateway.GivenGateway.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.http.Pages;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Routes;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProtectedResourceEndpointTest {
  private static final Issuer ISSUER = new Issuer("https://auth.example.com/tenant");
  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private int port;

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void describes_a_resource_at_the_place_of_its_path() {
    open(backend("/mcp", Scopes.parse("mcp:read offline_access")));
    assertThat(document("/mcp"))
        .isEqualTo(
            new JsonObject(
                """
                {"resource": "https://mcp.example.com/mcp",
                 "authorization_servers": ["https://auth.example.com/tenant"],
                 "scopes_supported": ["mcp:read"],
                 "bearer_methods_supported": ["header"]}
                """));
  }

  @Test
  void leaves_scopes_out_if_there_are_none() {
    open(backend("/mcp", Scopes.NONE));
    assertThat(document("/mcp").containsKey("scopes_supported")).isFalse();
  }

  @Test
  void describes_the_only_resource_also_without_its_path() {
    open(backend("/mcp", Scopes.NONE));
    assertThat(document("").getString("resource")).isEqualTo("https://mcp.example.com/mcp");
  }

  @Test
  void does_not_guess_which_of_several_resources_is_meant() {
    open(backend("/a", Scopes.NONE), backend("/b", Scopes.NONE));
    assertThat(document("/b").getString("resource")).isEqualTo("https://mcp.example.com/b");
    assertThat(get("").status()).isEqualTo(404);
  }

  @Test
  void may_be_kept_and_read_by_anybody() {
    open(backend("/mcp", Scopes.NONE));
    var headers = get("/mcp").headers();
    assertThat(headers.get("Cache-Control")).isEqualTo("public, max-age=300");
    assertThat(headers.get("Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @Test
  void knows_no_other_path() {
    open(backend("/mcp", Scopes.NONE));
    assertThat(get("/mcp/x").status()).isEqualTo(404);
  }

  private void open(Backend... backends) {
    var endpoint =
        new ProtectedResourceEndpoint(
            ISSUER, new Backends(List.of(backends), List.of()).asResources());
    var router = Router.router(vertx);
    new Routes(new Refusals(Pages.create(vertx, ISSUER)), new SecureRandom())
        .mount(router, List.of(endpoint));
    port =
        done(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
  }

  private GivenGateway.Answer get(String path) {
    return done(
        client
            .request(HttpMethod.GET, port, "127.0.0.1", WELL_KNOWN + path)
            .compose(request -> request.send().compose(GivenGateway::answer)));
  }

  private JsonObject document(String path) {
    return new JsonObject(get(path).body());
  }

  private static Backend backend(String path, Scopes scopes) {
    var resource = new ResourceIndicator("https://mcp.example.com" + path);
    return new Backend(
        path,
        resource,
        URI.create("http://127.0.0.1/"),
        scopes,
        List.of(Audience.of(resource)),
        new Unauthenticated());
  }
}
