package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Wire;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The issuer has a path: everything is below it, and nothing beside it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PathIssuerIT {
  private static Flow flow;

  private final Wire wire = new Wire();

  @BeforeAll
  static void start() {
    flow = Flow.started(Plan.USUAL.at("/tenant"));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @Test
  void the_whole_flow_ends_at_the_tool() {
    var client = flow.client();
    var tokens = client.connect(flow.alice());
    assertThat(client.call(tokens.text("access_token")).body()).contains("Alice Liddell");
  }

  @Test
  void the_answer_names_the_issuer_with_its_path() {
    var handed = flow.alice().logIn(flow.client().authorize());
    assertThat(handed.handed("iss")).isEqualTo(flow.issuer()).endsWith("/tenant");
  }

  @Test
  void the_tokens_can_be_refreshed() {
    var client = flow.client();
    assertThat(client.refresh(client.connect(flow.alice()).text("refresh_token")).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.well-known/oauth-authorization-server/tenant",
        "/tenant/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration/tenant",
        "/tenant/.well-known/openid-configuration"
      })
  void the_metadata_is_found_in_both_forms(String path) {
    assertThat(at(path).text("issuer")).isEqualTo(flow.issuer());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/other",
        "/.well-known/oauth-authorization-server/tenant/more",
        "/.well-known/oauth-authorization-server/tenant/",
        "/other/.well-known/openid-configuration",
        "/.well-known/openid-configuration/other",
        "/.well-known/openid-configuration/tenant/more",
        "/.well-known/openid-configuration/tenant/",
        "/tenant/.well-known/openid-configuration/",
        "/tenant/.well-known/oauth-authorization-server/mcp",
        "/other/.well-known/oauth-authorization-server",
        "/.well-known/jwks.json",
        "/.well-known/jwks.json/tenant",
        "/tenant/.well-known/jwks.json/",
        "/other/.well-known/jwks.json",
        "/.well-known/oauth-protected-resource/",
        "/.well-known/oauth-protected-resource/tenant",
        "/.well-known/oauth-protected-resource/mcp/",
        "/.well-known/oauth-protected-resource/mcp/more",
        "/tenant/.well-known/oauth-protected-resource",
        "/oauth/authorize",
        "/oauth/token",
        "/tenant",
        "/tenant/"
      })
  void what_is_not_below_the_issuer_is_404(String path) {
    assertThat(at(path).status()).isEqualTo(404);
  }

  @Test
  void every_endpoint_of_the_metadata_is_below_the_issuer() {
    var metadata = at("/.well-known/oauth-authorization-server/tenant").json();
    assertThat(metadata.stream().filter(entry -> entry.getKey().endsWith("_endpoint")))
        .isNotEmpty()
        .allMatch(entry -> entry.getValue().toString().startsWith(flow.issuer() + "/oauth/"));
  }

  @Test
  void the_keys_are_where_the_metadata_says() {
    var metadata = at("/.well-known/oauth-authorization-server/tenant");
    assertThat(wire.get(URI.create(metadata.text("jwks_uri"))).json().getJsonArray("keys"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp"
      })
  void the_protected_resource_names_the_issuer_with_its_path(String path) {
    var resource = at(path).json();
    assertThat(resource.getString("resource")).isEqualTo(flow.mcp().toString());
    assertThat(resource.getJsonArray("authorization_servers")).containsExactly(flow.issuer());
  }

  private Answer at(String path) {
    return wire.get(URI.create(Browser.originOf(flow.url("")) + path));
  }
}
