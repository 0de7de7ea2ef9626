package dev.keyturn.authorize;

import static dev.keyturn.authorize.GivenRequest.ISSUER;
import static dev.keyturn.authorize.GivenRequest.RESOURCE;
import static dev.keyturn.authorize.GivenRequest.preRegistered;
import static dev.keyturn.authorize.GivenRequest.request;
import static dev.keyturn.authorize.GivenRequest.stranger;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Client;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.user.Decision;
import dev.keyturn.user.NamedClient;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MemoryTest {
  private static final String WEB = "https://a.example/cb";
  private static final Map<String, Scopes> USED = Map.of("okta", Scopes.parse("openid"));

  private final SettableClock clock = new SettableClock();

  private Memory memory(String supported, String ceiling, ConsentConfig.Mode mode) {
    var offer =
        new Offer(
            Scopes.parse(supported),
            List.of(new ResourceIndicator(RESOURCE)),
            Map.of(),
            Optional.of(Scopes.parse(ceiling)));
    var random = new SecureRandom();
    var cookies = new BrowserCookies(ISSUER, ISSUER, false, random, clock);
    return new Memory(
        new ConsentConfig(mode, Set.of()),
        offer,
        new Users(new MemoryStore(clock, 10), clock),
        new PersonCookies(cookies, HmacSecrets.ephemeral(random), random, clock),
        clock);
  }

  private User approved(String scopes, String uri) {
    return User.NOBODY.with(
        new Decision(
            new NamedClient("c1", "x", true),
            uri,
            Scopes.parse(scopes),
            List.of(RESOURCE),
            USED,
            clock.instant()));
  }

  private AuthorizationRequest asks(Client client, String scopes) {
    return request(client, scopes, List.of(RESOURCE), clock.instant());
  }

  @ParameterizedTest
  @CsvSource({
    "read write admin, read write admin, read write admin",
    "read write, read write admin, read write",
    "read write admin, read write, read write",
    "read admin, read admin, read admin"
  })
  void what_was_approved_is_granted_as_far_as_it_could_be_asked_for_today(
      String supported, String ceiling, String whole) {
    var client = stranger("x", WEB);
    var memory = memory(supported, ceiling, ConsentConfig.Mode.REMEMBER);
    assertThat(
            memory.whole(client, asks(client, "read"), USED, approved("write admin", WEB)).names())
        .isEqualTo(Scopes.parse(whole).names());
  }

  @Test
  void the_ceiling_of_strangers_is_not_that_of_the_operators_clients() {
    var client = preRegistered(WEB);
    var memory = memory("read write", "read", ConsentConfig.Mode.REMEMBER);
    assertThat(memory.whole(client, asks(client, "read"), USED, approved("write", WEB)).wire())
        .isEqualTo("read write");
  }

  @Test
  void nothing_counts_where_people_are_asked_always() {
    var client = stranger("x", WEB);
    var memory = memory("read write", "read write", ConsentConfig.Mode.ALWAYS);
    var user = approved("read write", WEB);
    assertThat(memory.whole(client, asks(client, "read"), USED, user).wire()).isEqualTo("read");
    assertThat(memory.covers(client, asks(client, "read"), USED, user)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/cb, true",
    "http://127.0.0.1/cb, false",
    "http://localhost:5000/cb, false",
    "https://localhost/cb, false",
    "https://LOCALHOST.:3000/cb, false",
    "https://127.0.0.2/cb, false",
    "https://[::1]/cb, false",
    "com.example.app:/cb, false"
  })
  void a_decision_about_a_stranger_on_this_machine_stands_for_no_page(String uri, boolean stands) {
    var client = stranger("x", uri);
    var memory = memory("read", "read", ConsentConfig.Mode.REMEMBER);
    assertThat(memory.covers(client, asks(client, "read"), USED, approved("read", uri)))
        .isEqualTo(stands);
  }

  @ParameterizedTest
  @CsvSource({"http://127.0.0.1/cb", "com.example.app:/cb"})
  void a_decision_about_an_operators_client_on_this_machine_does(String uri) {
    var client = preRegistered(uri);
    var memory = memory("read", "read", ConsentConfig.Mode.REMEMBER);
    assertThat(memory.covers(client, asks(client, "read"), USED, approved("read", uri))).isTrue();
  }

  @Test
  void a_decision_about_loopback_holds_for_every_port() {
    var client = preRegistered("http://127.0.0.1/cb");
    var memory = memory("read", "read", ConsentConfig.Mode.REMEMBER);
    var address =
        ReturnAddress.trusted(client, Optional.of("http://127.0.0.1:4711/cb"), Optional.empty())
            .orElseThrow();
    var asked =
        new AuthorizationRequest(
            address,
            Scopes.parse("read"),
            List.of(RESOURCE),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            clock.instant());
    assertThat(memory.covers(client, asked, USED, approved("read", "http://127.0.0.1/cb")))
        .isTrue();
  }
}
