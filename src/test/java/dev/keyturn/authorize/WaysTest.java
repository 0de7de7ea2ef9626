package dev.keyturn.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.QuietUpstream;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.CallbackPath;
import dev.keyturn.upstream.Role;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WaysTest {
  private static final String WIKI = "https://mcp.example.com/wiki";
  private static final String ISSUES = "https://mcp.example.com/issues";

  private final Ways ways =
      new Ways(
          List.of(
              way("company", true, true),
              way("partner", true, true),
              way("calendar", false, false),
              way("hub", false, true)),
          List.of(
              new Ways.Need(new ResourceIndicator(WIKI), "company"),
              new Ways.Need(new ResourceIndicator(ISSUES), "hub")));

  private static Way way(String name, boolean identity, boolean onDemand) {
    var role = new Role(identity, onDemand, Optional.empty());
    return new Way(new Named(name), role, Scopes.parse("at-" + name), true, false, false);
  }

  private List<String> legs(String identity, String... resources) {
    return ways.legs(identity, List.of(resources)).stream().map(Way::name).toList();
  }

  @Test
  void what_is_required_is_asked_of_everybody() {
    assertThat(legs("company", WIKI)).containsExactly("calendar");
  }

  @Test
  void what_is_on_demand_is_asked_where_a_resource_needs_it() {
    assertThat(legs("company", ISSUES)).containsExactly("calendar", "hub");
    assertThat(legs("company", WIKI, ISSUES)).containsExactly("calendar", "hub");
  }

  @Test
  void a_resource_is_the_same_in_another_spelling() {
    assertThat(legs("company", "HTTPS://MCP.example.com:443/issues"))
        .containsExactly("calendar", "hub");
  }

  @Test
  void who_logs_in_elsewhere_is_asked_for_the_first_one_where_it_is_needed() {
    assertThat(legs("partner", WIKI)).containsExactly("company", "calendar");
    assertThat(legs("partner", ISSUES)).containsExactly("calendar", "hub");
  }

  @Test
  void the_identity_is_used_too_with_its_own_scopes() {
    var used = ways.used(ways.find("company").orElseThrow(), List.of(ISSUES));
    assertThat(used).containsOnlyKeys("company", "calendar", "hub");
    assertThat(used.get("hub").wire()).isEqualTo("at-hub");
  }

  @Test
  void nobody_logs_in_where_accounts_are_only_linked() {
    assertThat(ways.identity("hub")).isEmpty();
    assertThat(ways.identities()).extracting(Way::name).containsExactly("company", "partner");
  }

  @ParameterizedTest
  @CsvSource({
    "hub, hub, false, '', true",
    "hub, hub, true, '', false",
    "hub, hub, true, https://hub.example, true",
    "hub, '', false, https://hub.example, false",
    "'', hub, false, https://hub.example, false",
    "Hub, hub, false, '', false",
    "'', '', false, '', true"
  })
  void an_answer_comes_by_the_path_that_the_login_named(
      String path, String expected, boolean shared, String iss, boolean admitted) {
    var role = new Role(false, false, Optional.empty());
    var way = new Way(new Named("hub"), role, Scopes.NONE, true, false, shared);
    var said = Optional.of(iss).filter(text -> !text.isEmpty());
    assertThat(way.admits(new CallbackPath(path), new CallbackPath(expected), said))
        .isEqualTo(admitted);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/oauth/callback, ''",
    "https://a.example/tenant/oauth/callback/hub, hub",
    "https://a.example/oauth/callback/hub?x=1, hub",
    "https://a.example/oauth/callback/hub/, ''",
    "https://a.example/elsewhere, ''"
  })
  void a_redirect_URI_leads_to_a_path(String uri, String name) {
    assertThat(CallbackPath.of(uri).name()).isEqualTo(name);
  }

  private record Named(String name) implements QuietUpstream {}
}
