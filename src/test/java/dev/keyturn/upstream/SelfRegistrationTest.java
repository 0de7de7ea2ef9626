package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenReplicas.oauth2;
import static dev.keyturn.upstream.GivenReplicas.oidc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.given.Outcome;
import dev.keyturn.given.RegisteringProvider;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.GivenReplicas.Replica;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7591: Keyturn becomes a client of a provider by itself. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SelfRegistrationTest {
  private final MovedClock clock = new MovedClock();
  private RegisteringProvider provider;
  private GivenReplicas replicas;

  @BeforeEach
  void start(Vertx vertx) {
    provider = RegisteringProvider.start(vertx, clock);
    replicas = new GivenReplicas(vertx, clock);
  }

  @Test
  void people_log_in_by_the_client_that_was_registered() {
    var login = ready(oidc(provider, "")).login(provider);
    assertThat(login.identity().account()).isEqualTo(RegisteringProvider.SUBJECT);
    assertThat(login.client()).contains("client-1");
  }

  @Test
  void tokens_are_renewed_by_it() {
    var replica = ready(oidc(provider, ""));
    assertThat(replica.refresh(replica.login(provider))).isInstanceOf(RefreshAnswer.Redeemed.class);
  }

  @Test
  void a_provider_without_discovery_is_asked_at_the_endpoint_that_is_written_down() {
    var replica = ready(oauth2(provider, at("/register")));
    assertThat(replica.login(provider).identity().account()).isEqualTo(RegisteringProvider.SUBJECT);
  }

  @Test
  void a_provider_without_discovery_is_asked_where_its_document_says() {
    ready(oauth2(provider, document()));
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void it_says_what_it_wants_to_do() {
    ready(oidc(provider, ", scopes: [openid, email]", ""));
    assertThat(sent())
        .isEqualTo(
            new JsonObject()
                .put("client_name", "Keyturn")
                .put("redirect_uris", new JsonArray().add(GivenUpstream.CALLBACK))
                .put("grant_types", new JsonArray().add("authorization_code").add("refresh_token"))
                .put("response_types", new JsonArray().add("code"))
                .put("application_type", "web")
                .put("token_endpoint_auth_method", "client_secret_basic")
                .put("scope", "openid email"));
  }

  @Test
  void a_redirect_uri_on_this_machine_is_that_of_a_native_application() {
    ready(oidc(provider, ", redirect_uri: 'http://127.0.0.1:1/oauth/callback'", ""));
    assertThat(sent().getString("application_type")).isEqualTo("native");
  }

  @Test
  void software_id_and_software_statement_are_sent() {
    ready(oidc(provider, "client_name: Ours, software_id: keyturn-1, software_statement: a.b.c"));
    assertThat(sent().getMap())
        .containsEntry("client_name", "Ours")
        .containsEntry("software_id", "keyturn-1")
        .containsEntry("software_statement", "a.b.c");
  }

  @Test
  void the_initial_access_token_is_shown() {
    provider.desk.initialToken = Optional.of(GivenUpstream.SECRET);
    ready(oidc(provider, "initial_access_token_env_var: SECRET"));
  }

  @Test
  void without_the_initial_access_token_nobody_is_registered() {
    provider.desk.initialToken = Optional.of("another");
    isAway(oidc(provider, "initial_access_token_env_var: SECRET"), "invalid_token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client_secret_post, client_secret_basic, none|client_secret_basic",
        "none, client_secret_post|client_secret_post",
        "private_key_jwt, none|none"
      })
  void the_method_is_the_best_that_is_offered(String offered, String method) {
    offer(offered);
    ready(oidc(provider, "")).login(provider);
    assertThat(sent().getString("token_endpoint_auth_method")).isEqualTo(method);
  }

  @Test
  void the_operator_may_choose_the_method() {
    offer("client_secret_basic, client_secret_post");
    ready(oidc(provider, ", token_endpoint_auth_method: client_secret_post", "")).login(provider);
    assertThat(sent().getString("token_endpoint_auth_method")).isEqualTo("client_secret_post");
  }

  @Test
  void no_method_without_a_secret_where_a_code_is_good_for_anybody() {
    offer("none");
    var honest = provider.metadata;
    provider.metadata =
        document ->
            honest.apply(document).put("code_challenge_methods_supported", List.of("plain"));
    isAway(oidc(provider, ""), "it takes no token_endpoint_auth_method of ours");
  }

  @Test
  void no_method_at_all_is_a_failure() {
    offer("private_key_jwt");
    isAway(oidc(provider, ""), "it takes no token_endpoint_auth_method of ours");
  }

  @Test
  void another_method_in_the_answer_is_used() {
    provider.desk.answer =
        record -> {
          var stored = provider.desk.find(record.getString("client_id")).orElseThrow();
          stored.put("token_endpoint_auth_method", "client_secret_post");
          return stored.copy();
        };
    ready(oidc(provider, "")).login(provider);
  }

  @Test
  void a_provider_that_offers_no_registration_is_a_failure() {
    provider.metadata = document -> without(document, "registration_endpoint");
    isAway(oidc(provider, ""), "its metadata has no usable registration_endpoint");
  }

  @Test
  void an_endpoint_that_is_written_down_replaces_the_offered_one() {
    provider.metadata = document -> without(document, "registration_endpoint");
    ready(oidc(provider, at("/register")));
  }

  @Test
  void an_endpoint_without_tls_is_none() {
    provider.metadata =
        document -> document.put("registration_endpoint", "http://provider.example/register");
    isAway(oidc(provider, ""), "its metadata has no usable registration_endpoint");
  }

  @Test
  void a_document_of_another_issuer_is_not_believed() {
    provider.metadata = document -> document.put("issuer", "http://127.0.0.1:1");
    isAway(oauth2(provider, document()), "the document at discovery_url names another issuer");
  }

  @Test
  void a_document_that_is_not_there_is_a_failure() {
    isAway(
        oauth2(provider, "discovery_url: '" + provider.url("/register/none") + "'"),
        "the document at discovery_url has status 401");
  }

  @Test
  void logins_are_told_to_come_back_while_the_provider_is_down() {
    provider.status = 503;
    var replica = replicas.start(oauth2(provider, at("/register")));
    await().until(() -> replica.status().isTried());
    var away = catchThrowableOfType(UnavailableException.class, replica::begin);
    assertThat(away.retryAfter()).isEqualTo(Duration.ofSeconds(5));
    provider.status = 200;
    replica.ready().login(provider);
    assertThat(replicas.news).containsExactly("away", "registered");
  }

  @Test
  void a_login_that_comes_during_the_registration_waits_for_it() {
    provider.desk.gate.shut();
    var replica = replicas.start(oauth2(provider, at("/register")));
    await().until(() -> provider.desk.gate.held() == 1);
    var waiting = replica.upstream().requireReady();
    provider.desk.gate.open();
    assertThat(Outcome.isGood(waiting)).isTrue();
  }

  @Test
  void a_status_of_success_other_than_created_will_do() {
    provider.desk.status = 200;
    ready(oidc(provider, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500|it answered 500 when we registered",
        "429|it answered 429 when we registered",
        "302|it refused to register us: status 302",
        "404|it refused to register us: status 404"
      })
  void another_status_is_a_failure(int status, String reason) {
    provider.desk.body = Optional.of(Buffer.buffer("{}"));
    provider.desk.status = status;
    isAway(oidc(provider, ""), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "invalid_redirect_uri, invalid_redirect_uri",
    "unapproved_software_statement, unapproved_software_statement",
    "<script>alert(1)</script>, status 400"
  })
  void of_a_refusal_only_the_words_that_everybody_knows_are_told(String error, String told) {
    provider.desk.error = Optional.of(error);
    provider.desk.status = 400;
    isAway(oidc(provider, ""), "it refused to register us: " + told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client_id|null|has no client_id",
        "client_id|7|has no client_id",
        "client_id|\"a b\"|has no client_id",
        "redirect_uris|null|leaves out our redirect_uri",
        "redirect_uris|[\"https://evil.example/oauth/callback\"]|leaves out our redirect_uri",
        "redirect_uris|\"https://keyturn.example/oauth/callback\"|leaves out our redirect_uri",
        "grant_types|[\"implicit\"]|leaves out authorization_code",
        "response_types|[\"token\"]|leaves out code",
        "client_secret|null|has no usable client_secret",
        "client_secret|\"\"|has no usable client_secret",
        "client_secret|\"a\\nb\"|has no usable client_secret",
        "client_secret_expires_at|\"soon\"|has no usable end",
        "client_secret_expires_at|1.5|has no usable end",
        "client_secret_expires_at|1|has a secret that has ended",
        "token_endpoint_auth_method|\"private_key_jwt\"|has a method that we do not know"
      })
  void an_answer_that_does_not_fit_is_refused(String field, String value, String reason) {
    provider.desk.answer = record -> with(record, field, value);
    isAway(oidc(provider, ""), "its answer to our registration " + reason);
    assertThat(replicas.news).startsWith("unusable").doesNotContain("registered");
  }

  @Test
  void a_secret_that_is_too_long_is_refused() {
    provider.desk.answer = record -> record.put("client_secret", "s".repeat(4097));
    isAway(oidc(provider, ""), "its answer to our registration has no usable client_secret");
  }

  @Test
  void an_answer_that_is_too_long_is_refused() {
    provider.desk.body = Optional.of(Buffer.buffer("x".repeat(300 * 1024)));
    isAway(oidc(provider, ""), "sent more than 262144 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"client_id\":\"a\",\"client_id\":\"b\"}", "{} {}"})
  void an_answer_that_is_no_object_is_refused(String body) {
    provider.desk.body = Optional.of(Buffer.buffer(body));
    isAway(oidc(provider, ""), "its answer to our registration is no JSON object");
  }

  @Test
  void no_secret_is_refused_where_a_code_would_be_good_for_anybody() {
    provider.metadata = document -> without(document, "code_challenge_methods_supported");
    provider.desk.answer = record -> record.put("token_endpoint_auth_method", "none");
    isAway(oidc(provider, ""), "its answer to our registration has no secret");
  }

  @Test
  void an_end_beyond_all_clocks_is_none() {
    provider.desk.answer =
        record -> record.put("client_secret_expires_at", 99_999_999_999_999_999L);
    ready(oidc(provider, ""));
  }

  @Test
  void a_provider_that_has_refused_is_left_alone_for_a_while() {
    provider.desk.error = Optional.of("access_denied");
    provider.desk.status = 403;
    var replica = replicas.patient(oauth2(provider, at("/register")));
    await().until(() -> replica.status().isTried());
    var seen = replica.store().reads.get();
    await().until(() -> replica.store().reads.get() > seen + 6);
    assertThat(provider.desk.requests).hasValue(1);
  }

  @Test
  void a_restart_registers_nobody() {
    var first = ready(oidc(provider, ""));
    first.stop();
    provider.desk.error = Optional.of("access_denied");
    assertThat(ready(oidc(provider, "")).client()).isEqualTo("client-1");
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void the_end_of_the_server_ends_no_client() {
    ready(oidc(provider, "")).stop();
    assertThat(provider.desk.deleted).isEmpty();
    assertThat(provider.desk.known()).containsExactly("client-1");
  }

  @Test
  void nothing_in_the_store_can_be_read_without_the_keys() {
    ready(oidc(provider, ""));
    assertThat(stored()).doesNotContain("secret-1", "client-1").contains("sealed");
  }

  private String stored() {
    var key = replicas.recordOf(oidc(provider, ""));
    return Outcome.of(replicas.store.get(key)).orElseThrow().value().toString();
  }

  private Replica ready(UpstreamConfig config) {
    return replicas.start(config).ready();
  }

  private void isAway(UpstreamConfig config, String reason) {
    var replica = replicas.start(config);
    await().until(() -> replica.status().isTried());
    assertThat(replica.status().ready()).isFalse();
    assertThat(replica.status().reason().orElse("")).contains(reason);
  }

  private JsonObject sent() {
    return provider.desk.registered.get(0);
  }

  private void offer(String methods) {
    provider.metadata =
        document ->
            document.put("token_endpoint_auth_methods_supported", List.of(methods.split(", ", -1)));
  }

  private String at(String path) {
    return "registration_endpoint: '" + provider.url(path) + "'";
  }

  private String document() {
    return "discovery_url: '" + provider.url("/.well-known/openid-configuration") + "'";
  }

  private static JsonObject without(JsonObject document, String field) {
    document.remove(field);
    return document;
  }

  private static JsonObject with(JsonObject record, String field, String value) {
    if (value.equals("null")) {
      return without(record, field);
    }
    return new JsonObject(record.put(field, "%s").encode().replace("\"%s\"", value));
  }
}
