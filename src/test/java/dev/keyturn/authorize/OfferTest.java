package dev.keyturn.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.client.Client;
import dev.keyturn.client.ClientName;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OfferTest {
  private static final String ISSUES = "https://MCP.example.com/issues";
  private static final String MAIL = "https://mcp.example.com/mail";
  private static final String ROOT = "https://root.example";
  private static final Client STRANGER = client(Client.Kind.REGISTERED, "");
  private static final Client OURS = client(Client.Kind.PRE_REGISTERED, "");

  private final Offer offer = offer("");

  private static Offer offer(String strangersCeiling) {
    return new Offer(
        Scopes.parse("openid email issues:read mail:read all:read offline_access extra"),
        Stream.of(ISSUES, MAIL, ROOT).map(ResourceIndicator::new).toList(),
        Map.of(
            ISSUES, Scopes.parse("issues:read all:read"), MAIL, Scopes.parse("mail:read all:read")),
        ceiling(strangersCeiling));
  }

  private static Client client(Client.Kind kind, String scopes, String... audiences) {
    return new Client(
        "c",
        kind,
        new ClientName(""),
        List.of(new RedirectUri("https://a.example/cb")),
        Set.of(Client.AUTHORIZATION_CODE),
        ceiling(scopes),
        List.of(audiences));
  }

  private static Optional<Scopes> ceiling(String scopes) {
    return Optional.of(Scopes.parse(scopes)).filter(limit -> !limit.isEmpty());
  }

  private static void refuses(ThrowingCallable what, ErrorCode code, String sentence) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            OAuthException.class,
            refusal -> {
              assertThat(refusal.error().code()).isEqualTo(code);
              assertThat(refusal.error().description()).isEqualTo(sentence);
            });
  }

  @Nested
  class Resources {
    @ParameterizedTest
    @CsvSource({
      "https://mcp.example.com/issues, https://MCP.example.com/issues",
      "HTTPS://mcp.EXAMPLE.com:443/issues, https://MCP.example.com/issues",
      "https://mcp.example.com/mail, https://mcp.example.com/mail",
      "https://root.example/, https://root.example",
      "https://ROOT.example:443, https://root.example"
    })
    void come_back_in_the_spelling_of_the_configuration(String asked, String resource) {
      assertThat(offer.resources(STRANGER, List.of(asked))).containsExactly(resource);
    }

    @ParameterizedTest
    @CsvSource({
      "https://mcp.example.com/Issues",
      "https://mcp.example.com/issues/",
      "https://mcp.example.com/issues/1",
      "https://mcp.example.com",
      "https://mcp.example.com:8443/issues",
      "http://mcp.example.com/issues",
      "https://mcp.example.com/issues?x=1",
      "https://root.example//"
    })
    void that_are_not_ours_are_refused(String asked) {
      refuses(
          () -> offer.resources(STRANGER, List.of(asked)),
          ErrorCode.INVALID_TARGET,
          "resource is not served here");
    }

    @ParameterizedTest
    @CsvSource({"issues", "https://mcp.example.com/issues#x", "https://u@mcp.example.com/issues"})
    void that_are_no_indicators_are_refused(String asked) {
      refuses(
          () -> offer.resources(STRANGER, List.of(asked)),
          ErrorCode.INVALID_TARGET,
          "resource must be an absolute URI without a fragment");
    }

    @Test
    void that_are_named_twice_are_one() {
      assertThat(offer.resources(STRANGER, List.of(ROOT, MAIL, ROOT + "/")))
          .containsExactly(ROOT, MAIL);
    }

    @Test
    void are_all_refused_if_one_is() {
      refuses(
          () -> offer.resources(STRANGER, List.of(MAIL, "https://evil.example")),
          ErrorCode.INVALID_TARGET,
          "resource is not served here");
    }

    @Test
    void must_be_named_where_there_are_several() {
      refuses(
          () -> offer.resources(STRANGER, List.of()),
          ErrorCode.INVALID_TARGET,
          "resource is missing: this server has several");
    }

    @Test
    void are_the_only_one_by_default() {
      var one =
          new Offer(Scopes.NONE, List.of(new ResourceIndicator(ROOT)), Map.of(), Optional.empty());
      assertThat(one.resources(STRANGER, List.of())).containsExactly(ROOT);
    }
  }

  @Nested
  class A_client_with_audiences {
    private final Client client =
        client(Client.Kind.PRE_REGISTERED, "", "https://mcp.example.com:443/issues", ROOT + "/");

    @Test
    void gets_its_first_one_by_default_in_the_spelling_of_the_server() {
      assertThat(offer.resources(client, List.of())).containsExactly(ISSUES);
    }

    @ParameterizedTest
    @CsvSource({
      "https://root.example, https://root.example",
      "https://root.example/, https://root.example",
      "https://mcp.example.com/issues, https://MCP.example.com/issues"
    })
    void may_ask_for_them_in_any_spelling(String asked, String resource) {
      assertThat(offer.resources(client, List.of(asked))).containsExactly(resource);
    }

    @Test
    void may_ask_for_no_other() {
      refuses(
          () -> offer.resources(client, List.of(MAIL)),
          ErrorCode.INVALID_TARGET,
          "resource is not served here");
    }
  }

  @Nested
  class Scopes_of_a_request {
    private String granted(Client client, String asked, String... resources) {
      return offer.scopes(client, Optional.of(asked), List.of(resources)).wire();
    }

    @ParameterizedTest
    @CsvSource({
      "openid email, openid email",
      "issues:read, issues:read",
      "all:read extra, all:read extra",
      "offline_access, offline_access",
      "'  openid  openid ', openid",
      "' ', ''"
    })
    void are_what_was_asked_for(String asked, String granted) {
      assertThat(granted(STRANGER, asked, ISSUES)).isEqualTo(granted);
    }

    @ParameterizedTest
    @CsvSource({
      "unknown, scope unknown is not supported",
      "openid Openid, scope Openid is not supported",
      "mail:read, scope mail:read belongs to another resource"
    })
    void are_refused(String asked, String sentence) {
      refuses(() -> granted(STRANGER, asked, ISSUES), ErrorCode.INVALID_SCOPE, sentence);
    }

    @Test
    void may_belong_to_one_of_several_resources() {
      assertThat(granted(STRANGER, "mail:read issues:read", ISSUES, MAIL))
          .isEqualTo("mail:read issues:read");
    }

    @Test
    void of_every_backend_go_with_a_resource_that_is_no_backend() {
      assertThat(granted(STRANGER, "all:read", ROOT)).isEqualTo("all:read");
    }

    @Test
    void of_some_backends_do_not_go_with_a_resource_that_is_no_backend() {
      refuses(
          () -> granted(STRANGER, "issues:read", ROOT),
          ErrorCode.INVALID_SCOPE,
          "scope issues:read belongs to another resource");
    }

    @Test
    void may_always_hold_offline_access() {
      var none = new Offer(Scopes.NONE, List.of(), Map.of(), Optional.of(Scopes.parse("x")));
      assertThat(none.scopes(STRANGER, Optional.of("offline_access"), List.of()).wire())
          .isEqualTo("offline_access");
    }
  }

  @Nested
  class Scopes_by_default {
    private String granted(Offer offer, Client client, String... resources) {
      return offer.scopes(client, Optional.empty(), List.of(resources)).wire();
    }

    @Test
    void are_those_that_the_resource_lists() {
      assertThat(granted(offer, STRANGER, MAIL)).isEqualTo("mail:read all:read");
    }

    @Test
    void are_those_of_all_resources_that_are_asked_for() {
      assertThat(granted(offer, STRANGER, MAIL, ISSUES))
          .isEqualTo("mail:read all:read issues:read");
    }

    @Test
    void are_none_where_the_resource_lists_none() {
      assertThat(granted(offer, STRANGER, ROOT)).isEmpty();
    }

    @Test
    void stay_within_the_ceiling() {
      assertThat(granted(offer("all:read"), STRANGER, MAIL)).isEqualTo("all:read");
    }

    @Test
    void are_found_though_the_backend_spells_its_resource_differently() {
      var two =
          new Offer(
              Scopes.parse("a b"),
              List.of(new ResourceIndicator(ROOT + "/"), new ResourceIndicator(MAIL)),
              Map.of(ROOT, Scopes.parse("a"), MAIL, Scopes.parse("b")),
              Optional.empty());
      assertThat(granted(two, STRANGER, ROOT + "/")).isEqualTo("a");
      assertThat(two.scopes(STRANGER, Optional.of("a"), List.of(ROOT + "/")).wire()).isEqualTo("a");
    }
  }

  @Nested
  class A_ceiling {
    @Test
    void of_the_operator_binds_its_client() {
      refuses(
          () ->
              offer.scopes(
                  client(Client.Kind.PRE_REGISTERED, "email"),
                  Optional.of("openid"),
                  List.of(ROOT)),
          ErrorCode.INVALID_SCOPE,
          "scope openid is not allowed for this client");
    }

    @Test
    void for_strangers_binds_strangers() {
      refuses(
          () -> offer("email").scopes(STRANGER, Optional.of("openid"), List.of(ROOT)),
          ErrorCode.INVALID_SCOPE,
          "scope openid is not allowed for this client");
    }

    @Test
    void for_strangers_does_not_bind_clients_of_the_operator() {
      assertThat(offer("email").scopes(OURS, Optional.of("openid"), List.of(ROOT)).wire())
          .isEqualTo("openid");
    }

    @Test
    void that_a_stranger_names_itself_binds_nobody() {
      var modest = client(Client.Kind.REGISTERED, "email");
      assertThat(offer.scopes(modest, Optional.of("openid"), List.of(ROOT)).wire())
          .isEqualTo("openid");
    }

    @Test
    void leaves_offline_access_alone() {
      assertThat(offer("email").scopes(STRANGER, Optional.of("offline_access"), List.of()).wire())
          .isEqualTo("offline_access");
    }
  }
}
