package dev.keyturn.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import dev.keyturn.given.GivenServer;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.grant.RefreshTokenGrant;
import dev.keyturn.grant.TokenEndpoint;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Lifespans;
import dev.keyturn.userinfo.UserinfoEndpoint;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MetadataEndpointTest {
  private static final Issuer PATH_ISSUER = new Issuer("https://mcp.example.com/team/one");
  private static final Issuer ROOT_ISSUER = new Issuer("https://mcp.example.com");
  private static final String DOCUMENT = "/.well-known/oauth-authorization-server";
  private static final GivenServer PATH = server(PATH_ISSUER);
  private static final GivenServer ROOT = server(ROOT_ISSUER);

  private static GivenServer server(Issuer issuer) {
    var clock = new SettableClock();
    var given = new GivenSessions(new MemoryStore(clock, 10), clock, Lifespans.DEFAULT);
    var mounted =
        List.of(
            new TokenEndpoint(
                issuer,
                id -> Future.succeededFuture(Optional.empty()),
                List.of(new RefreshTokenGrant(given.tokens))),
            new UserinfoEndpoint(issuer, given.verifier, given.sessions),
            new Says(Map.of("claims_supported", List.of("sub", "sid"))));
    return GivenServer.with(
        issuer,
        List.of(
            new MetadataEndpoint(issuer, mounted, Map.of("scopes_supported", List.of("openid")))));
  }

  /** An endpoint that is nothing but what it says of itself. */
  private record Says(Map<String, Object> metadata) implements Endpoint {
    @Override
    public List<Route> routes() {
      return List.of();
    }
  }

  @AfterAll
  static void stop() {
    PATH.close();
    ROOT.close();
  }

  private static HttpResponse<String> get(GivenServer server, String path) {
    return server.send(server.request("GET", path, ""));
  }

  private static String header(HttpResponse<String> response, String name) {
    return String.join("; ", response.headers().allValues(name));
  }

  @Nested
  class An_issuer_with_a_path {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "/.well-known/oauth-authorization-server/team/one",
          "/.well-known/openid-configuration/team/one",
          "/team/one/.well-known/oauth-authorization-server",
          "/team/one/.well-known/openid-configuration"
        })
    void is_described_at(String path) {
      var response = get(PATH, path);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(response.body()).getString("issuer"))
          .isEqualTo(PATH_ISSUER.value());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/.well-known/oauth-authorization-server",
          "/.well-known/openid-configuration",
          "/.well-known/oauth-authorization-server/",
          "/.well-known/oauth-authorization-server/team",
          "/.well-known/oauth-authorization-server/team/two",
          "/.well-known/oauth-authorization-server/team/one/",
          "/.well-known/oauth-authorization-server/team/one/more",
          "/.well-known/oauth-authorization-server/team/One",
          "/.well-known/oauth-authorization-serverteam/one",
          "/.well-known/oauth-protected-resource/team/one",
          "/team/.well-known/openid-configuration",
          "/team/one/.well-known/openid-configuration/team/one",
          "/team/one/.well-known/openid-configuration/",
          "/other/.well-known/openid-configuration"
        })
    void is_described_nowhere_else(String path) {
      assertThat(get(PATH, path).statusCode()).isEqualTo(404);
    }
  }

  @Nested
  class An_issuer_without_a_path {
    @ParameterizedTest
    @ValueSource(
        strings = {"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"})
    void is_described_at(String path) {
      var response = get(ROOT, path);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(response.body()).getString("issuer"))
          .isEqualTo(ROOT_ISSUER.value());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/.well-known/oauth-authorization-server/",
          "/.well-known/oauth-authorization-server/mcp",
          "/.well-known/openid-configuration/mcp",
          "/mcp/.well-known/openid-configuration"
        })
    void is_described_nowhere_else(String path) {
      assertThat(get(ROOT, path).statusCode()).isEqualTo(404);
    }
  }

  @Nested
  class The_document {
    private final HttpResponse<String> response = get(ROOT, DOCUMENT);
    private final JsonObject document = new JsonObject(response.body());

    @Test
    void is_one_and_the_same_for_oauth_and_openid_connect() {
      assertThat(get(ROOT, "/.well-known/openid-configuration").body()).isEqualTo(response.body());
    }

    @Test
    void holds_no_null() {
      assertThat(response.body()).doesNotContain("null");
    }

    @Test
    void names_what_is_mounted_and_nothing_else() {
      assertThat(document.fieldNames())
          .containsExactlyInAnyOrder(
              "issuer",
              "token_endpoint",
              "grant_types_supported",
              "token_endpoint_auth_methods_supported",
              "userinfo_endpoint",
              "subject_types_supported",
              "claims_supported",
              "scopes_supported");
    }

    @Test
    void names_only_the_grants_that_there_are() {
      assertThat(document.getJsonArray("grant_types_supported"))
          .isEqualTo(new JsonArray().add("refresh_token"));
    }

    @Test
    void gives_urls_below_the_issuer() {
      var tenant = get(PATH, "/team/one/.well-known/openid-configuration").body();
      assertThat(new JsonObject(tenant).getString("token_endpoint"))
          .isEqualTo("https://mcp.example.com/team/one/oauth/token");
    }

    @Test
    void joins_lists_and_names_nothing_twice() {
      var claims = document.getJsonArray("claims_supported").stream().map(String::valueOf);
      assertThat(claims).contains("sub", "email", "sid").doesNotHaveDuplicates();
    }

    @Test
    void is_read_by_nimbus() throws Exception {
      var metadata = AuthorizationServerMetadata.parse(response.body());
      assertThat(metadata.getIssuer().getValue()).isEqualTo(ROOT_ISSUER.value());
    }

    @Test
    void may_be_kept_for_five_minutes_by_anybody() {
      assertThat(header(response, "Cache-Control")).isEqualTo("public, max-age=300");
      assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(header(response, "Content-Type")).isEqualTo("application/json");
    }
  }

  @Nested
  class Who_has_it_already {
    private final String etag = header(get(ROOT, DOCUMENT), "ETag");

    private HttpResponse<String> getUnless(String tags) {
      return ROOT.send(ROOT.request("GET", DOCUMENT, "").header("If-None-Match", tags));
    }

    @Test
    void is_told_so() {
      var response = getUnless(etag);
      assertThat(response.statusCode()).isEqualTo(304);
      assertThat(response.body()).isEmpty();
      assertThat(header(response, "ETag")).isEqualTo(etag);
    }

    @Test
    void may_name_several() {
      assertThat(getUnless("\"other\", W/" + etag).statusCode()).isEqualTo(304);
    }

    @Test
    void may_name_any() {
      assertThat(getUnless("*").statusCode()).isEqualTo(304);
    }

    @Test
    void is_given_it_when_it_is_another() {
      assertThat(getUnless("\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void has_a_quoted_tag_that_differs_between_documents() {
      var other = get(PATH, "/team/one/.well-known/openid-configuration");
      assertThat(etag).matches("\"[A-Za-z0-9_-]{16}\"").isNotEqualTo(header(other, "ETag"));
    }
  }
}
