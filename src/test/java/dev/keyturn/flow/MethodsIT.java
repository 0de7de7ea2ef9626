package dev.keyturn.flow;

import static java.util.function.Function.identity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which methods every mounted endpoint takes, and which scripts may ask it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MethodsIT {
  private static final String READ = "GET, HEAD, OPTIONS";
  private static final String WRITE = "OPTIONS, POST";
  private static final String BOTH = "GET, HEAD, OPTIONS, POST";
  private static final String CALLS = "DELETE, GET, HEAD, OPTIONS, POST";
  private static final String MANAGE = "DELETE, GET, HEAD, OPTIONS, PUT";

  /** What the metadata names, and what is answered there. */
  private static final Map<String, String> NAMED =
      Map.of(
          "authorization_endpoint", BOTH,
          "pushed_authorization_request_endpoint", WRITE,
          "token_endpoint", WRITE,
          "registration_endpoint", WRITE,
          "revocation_endpoint", WRITE,
          "introspection_endpoint", WRITE,
          "end_session_endpoint", BOTH,
          "userinfo_endpoint", BOTH,
          "jwks_uri", READ);

  private static final Set<String> OF_PEOPLE =
      Set.of("authorization_endpoint", "end_session_endpoint");

  private static final List<String> DOCUMENTS =
      List.of(
          "/.well-known/oauth-authorization-server/tenant",
          "/.well-known/openid-configuration/tenant",
          "/tenant/.well-known/oauth-authorization-server",
          "/tenant/.well-known/openid-configuration",
          "/.well-known/oauth-protected-resource",
          "/.well-known/oauth-protected-resource/mcp");

  private static final Wire WIRE = new Wire();

  private static Flow flow;
  private static JsonObject metadata;

  @BeforeAll
  static void start() {
    flow = Flow.started(Plan.USUAL.at("/tenant"));
    metadata = WIRE.get(at(DOCUMENTS.get(0)).url()).json();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  /** An address and the methods that it takes. */
  record Mounted(URI url, String allowed) {
    boolean refuses(String method) {
      return !List.of(allowed.split(", ")).contains(method);
    }

    @Override
    public String toString() {
      return url.getPath();
    }
  }

  private static Mounted at(String path) {
    return new Mounted(URI.create(Browser.originOf(flow.url("")) + path), READ);
  }

  private static Mounted named(String name) {
    return new Mounted(URI.create(metadata.getString(name)), NAMED.getOrDefault(name, ""));
  }

  static Stream<Mounted> documents() {
    return Stream.concat(DOCUMENTS.stream().map(MethodsIT::at), Stream.of(named("jwks_uri")));
  }

  static Stream<Mounted> forPrograms() {
    var registered =
        WIRE.postJson(
            flow.url("/oauth/register"), Map.of(), "{\"redirect_uris\":[\"http://[::1]/cb\"]}");
    var called =
        Stream.of(
            new Mounted(URI.create(registered.text("registration_client_uri")), MANAGE),
            new Mounted(flow.url("/oauth/backchannel-logout"), WRITE),
            new Mounted(flow.mcp(), CALLS));
    var endpoints =
        NAMED.keySet().stream()
            .filter(name -> !OF_PEOPLE.contains(name))
            .filter(name -> !name.equals("jwks_uri"))
            .map(MethodsIT::named);
    return Stream.of(documents(), endpoints, called).flatMap(identity());
  }

  static Stream<Mounted> forPeople() {
    var page = flow.alice().consentPage(flow.client().authorize()).body();
    var stylesheet = Pattern.compile("[^\"]*/oauth/assets/[^\"]*").matcher(page).results();
    return Stream.concat(
        Stream.of(
            named("authorization_endpoint"),
            named("end_session_endpoint"),
            new Mounted(flow.browserUrl("/oauth/consent"), WRITE),
            new Mounted(flow.browserUrl("/oauth/account"), BOTH),
            new Mounted(flow.browserUrl("/oauth/choose"), WRITE),
            new Mounted(flow.browserUrl("/oauth/link/demo"), BOTH),
            new Mounted(flow.browserUrl("/oauth/callback/demo"), BOTH),
            new Mounted(flow.browserUrl("/oauth/callback"), BOTH)),
        stylesheet.map(
            link -> new Mounted(flow.browserUrl("/oauth/consent").resolve(link.group()), READ)));
  }

  static Stream<Mounted> all() {
    return Stream.concat(forPrograms(), forPeople());
  }

  @Test
  void the_table_holds_all_that_the_metadata_names() {
    assertThat(metadata.fieldNames())
        .filteredOn(name -> name.endsWith("_endpoint") || name.endsWith("_uri"))
        .containsExactlyInAnyOrderElementsOf(NAMED.keySet());
  }

  @ParameterizedTest
  @MethodSource("all")
  void another_method_is_405_with_the_allowed_ones(Mounted mounted) {
    assertThat(Stream.of("GET", "POST", "PUT", "DELETE", "PATCH").filter(mounted::refuses))
        .isNotEmpty()
        .allSatisfy(
            method -> {
              var answer = WIRE.send(method, mounted.url(), Map.of(), "");
              assertThat(answer.status()).isEqualTo(405);
              assertThat(answer.header("Allow")).contains(mounted.allowed());
            });
  }

  @ParameterizedTest
  @MethodSource("forPrograms")
  void a_script_of_any_origin_may_ask_without_cookies(Mounted mounted) {
    var answer = preflight(mounted);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Access-Control-Allow-Origin")).contains("*");
    assertThat(answer.header("Access-Control-Allow-Methods")).contains(mounted.allowed());
    assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("forPrograms")
  void a_script_may_send_the_headers_of_the_protocol_and_no_others(Mounted mounted) {
    assertThat(preflight(mounted).header("Access-Control-Allow-Headers").orElseThrow().split(", "))
        .containsExactlyInAnyOrder(
            "Authorization",
            "Content-Type",
            "Accept",
            "MCP-Protocol-Version",
            "Mcp-Session-Id",
            "Last-Event-ID",
            "Mcp-Method",
            "Mcp-Name",
            "DPoP");
  }

  @ParameterizedTest
  @MethodSource("forPeople")
  void a_script_of_another_origin_may_not_ask_what_is_for_people(Mounted mounted) {
    var answer = preflight(mounted);
    assertThat(answer.header("Allow")).contains(mounted.allowed());
    assertThat(answer.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control-"));
  }

  private static Answer preflight(Mounted mounted) {
    var headers =
        Map.of(
            "Origin",
            "https://inspector.example",
            "Access-Control-Request-Method",
            "GET",
            "Access-Control-Request-Headers",
            "authorization, x-evil");
    return WIRE.send("OPTIONS", mounted.url(), headers, "");
  }
}
