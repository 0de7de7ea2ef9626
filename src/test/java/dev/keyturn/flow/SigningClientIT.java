package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.Plan;
import dev.keyturn.given.SigningClient;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Clients that prove by a signature who they are. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SigningClientIT {
  private static final String BACK = "https://service.example/callback";

  private static MetadataHost host;
  private static Flow flow;
  private static int names;

  private String path = "";
  private McpClient client;
  private SigningClient signer;

  @BeforeAll
  static void start() {
    host = MetadataHost.started("apps.example");
    flow =
        Flow.started(
            Plan.USUAL
                .with(host.setting("fetches_per_minute: 100000"))
                .with("allow_confidential_client_registration: true")
                .with("insecure_allow_confidential_over_loopback_http: true"));
  }

  @AfterAll
  static void stop() {
    flow.close();
    host.close();
  }

  @BeforeEach
  void publish() {
    path = "/signing-" + ++names + ".json";
    var id = host.url(path).toString();
    signer = SigningClient.of(id, flow.issuer(), flow.clock());
    client = new McpClient(flow, id, BACK);
    publish(SigningClient.document(id, SigningClient.jwks(signer.key()), BACK));
  }

  private void publish(JsonObject document) {
    host.publish(path, document);
  }

  private JsonObject publishing() {
    var document = SigningClient.document(signer.id(), BACK);
    document.remove("jwks");
    return document.put("jwks_uri", host.url(path + "-keys").toString());
  }

  private Answer loggedIn() {
    return flow.alice().logIn(client.authorize());
  }

  private Form redemption(Answer handed) {
    return client.redemption(handed.handed("code"));
  }

  private void goesTheWholeWay() {
    var tokens = client.token(signer.signed(redemption(loggedIn())));
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    assertThat(client.call(tokens.text("access_token")).body()).contains("Alice Liddell");
    var next = client.token(signer.signed(client.refreshment(tokens.text("refresh_token"))));
    assertThat(next.status()).as(next.body()).isEqualTo(200);
  }

  @Test
  void a_client_with_keys_in_its_document_goes_the_whole_way() {
    goesTheWholeWay();
  }

  @Test
  void a_client_that_publishes_its_keys_goes_the_whole_way() {
    publish(publishing());
    host.publish(path + "-keys", SigningClient.jwks(signer.key()));
    goesTheWholeWay();
  }

  @Test
  void a_client_that_registers_its_keys_goes_the_whole_way() {
    var metadata = SigningClient.document("", SigningClient.jwks(signer.key()), BACK);
    metadata.remove("client_id");
    var record = new Wire().postJson(flow.url("/oauth/register"), Map.of(), metadata.encode());
    assertThat(record.status()).as(record.body()).isEqualTo(201);
    assertThat(record.json().containsKey("client_secret")).isFalse();
    client = new McpClient(flow, record.text("client_id"), BACK);
    signer = new SigningClient(record.text("client_id"), signer.key(), flow.issuer(), flow.clock());
    goesTheWholeWay();
  }

  @Test
  void a_registration_that_shows_a_private_key_is_refused() {
    var jwks = new JsonObject(new com.nimbusds.jose.jwk.JWKSet(signer.key()).toString(false));
    var metadata = SigningClient.document("", jwks, BACK);
    metadata.remove("client_id");
    var answer = new Wire().postJson(flow.url("/oauth/register"), Map.of(), metadata.encode());
    assertThat(answer.text("error_description")).isEqualTo("jwks shows a private or shared key");
  }

  @Test
  void keys_behind_our_own_door_are_not_fetched() {
    publish(publishing().put("jwks_uri", "https://localhost/keys.json"));
    var answer = client.token(signer.signed(redemption(loggedIn())));
    assertThat(answer.text("error")).isEqualTo("invalid_client");
    assertThat(answer.text("error_description")).contains("localhost", "private-address");
  }

  @Test
  void without_a_signature_it_is_not_believed() {
    var answer = client.token(redemption(loggedIn()));
    assertThat(answer.text("error")).isEqualTo("invalid_client");
  }

  @Test
  void a_signature_is_good_once() {
    var assertion = signer.assertion();
    client.token(SigningClient.signed(client.refreshment("ktr_x"), assertion));
    var again = client.token(SigningClient.signed(client.refreshment("ktr_x"), assertion));
    assertThat(again.text("error_description")).contains("was used before");
  }

  @Test
  void another_type_of_assertion_is_refused() {
    var form = signer.signed(client.refreshment("ktr_x"));
    var answer =
        client.token(
            form.without("client_assertion_type")
                .with("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml"));
    assertThat(answer.text("error")).isEqualTo("invalid_client");
    assertThat(answer.text("error_description")).contains("client_assertion_type");
  }

  @Test
  void a_client_id_beside_it_must_be_the_same() {
    var form = signer.signed(client.refreshment("ktr_x")).with("client_id", "desk");
    assertThat(client.token(form).text("error")).isEqualTo("invalid_request");
  }

  @Test
  void a_secret_beside_it_is_one_way_too_many() {
    var form = signer.signed(client.refreshment("ktr_x")).with("client_secret", "x");
    assertThat(client.token(form).text("error")).isEqualTo("invalid_request");
  }

  @Test
  void a_public_client_does_not_sign() {
    publish(McpClient.document(signer.id(), BACK));
    var answer = client.token(signer.signed(client.refreshment("ktr_x")));
    assertThat(answer.text("error_description")).contains("authenticates by none");
  }

  @Test
  void a_key_that_came_into_the_document_after_the_person_was_asked_does_not_redeem() {
    var handed = loggedIn();
    var thief = signer.with(SigningClient.newKey());
    publish(
        SigningClient.document(signer.id(), SigningClient.jwks(signer.key(), thief.key()), BACK));
    flow.clock().forward(Duration.ofSeconds(301));
    var answer = client.token(thief.signed(redemption(handed)));
    assertThat(answer.text("error")).isEqualTo("invalid_grant");
    assertThat(client.token(signer.signed(redemption(handed))).status()).isEqualTo(200);
  }

  @Test
  void a_document_that_gave_up_signing_after_the_person_was_asked_does_not_redeem() {
    var handed = loggedIn();
    publish(McpClient.document(signer.id(), BACK));
    flow.clock().forward(Duration.ofSeconds(301));
    assertThat(client.token(redemption(handed)).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_session_that_began_with_a_signature_does_not_go_on_without() {
    var tokens = client.token(signer.signed(redemption(loggedIn())));
    publish(McpClient.document(signer.id(), BACK));
    flow.clock().forward(Duration.ofSeconds(301));
    var refresh = client.refreshment(tokens.text("refresh_token"));
    assertThat(client.token(refresh).text("error")).isEqualTo("invalid_grant");
    assertThat(client.token(signer.signed(refresh)).status()).isEqualTo(200);
  }

  @Test
  void a_session_goes_on_with_a_new_key() {
    var tokens = client.token(signer.signed(redemption(loggedIn())));
    var next = signer.with(SigningClient.newKey());
    publish(SigningClient.document(signer.id(), SigningClient.jwks(next.key()), BACK));
    flow.clock().forward(Duration.ofSeconds(301));
    var refresh = client.refreshment(tokens.text("refresh_token"));
    assertThat(client.token(next.signed(refresh)).status()).isEqualTo(200);
  }

  @Test
  void the_metadata_names_the_algorithms() {
    var metadata = new Wire().get(flow.url("/.well-known/oauth-authorization-server")).json();
    assertThat(metadata.getJsonArray("token_endpoint_auth_signing_alg_values_supported"))
        .contains("ES256", "PS256", "RS256")
        .doesNotContain("none", "HS256");
  }
}
