package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.ConnectProxy;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Outcome;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A provider that can be reached by TLS of its own authority and through a proxy only. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReachedUpstreamTest {
  private static final String HOST = "login.provider.example";
  private static final GivenCertificate AUTHORITY = GivenCertificate.good();
  private static final GivenCertificate SERVER = AUTHORITY.issues(HOST);

  private final MovedClock clock = new MovedClock();
  @TempDir private Path folder;
  private Vertx vertx;
  private FakeOidc provider;
  private NetClient client;
  private ConnectProxy proxy;
  private String issuer;

  @BeforeEach
  void start(Vertx given) throws IOException {
    vertx = given;
    provider = FakeOidc.start(vertx, clock);
    client = vertx.createNetClient();
    var port = front(URI.create(provider.issuer()).getPort());
    proxy = ConnectProxy.start(vertx).knows(HOST, port);
    issuer = "https://" + HOST + ":" + port;
    provider.metadata =
        document -> new JsonObject(document.encode().replace(provider.issuer(), issuer));
    provider.claims = claims -> claims.issuer(issuer);
    Files.writeString(folder.resolve("right.pem"), AUTHORITY.certificatePem());
    Files.writeString(folder.resolve("wrong.pem"), GivenCertificate.good().certificatePem());
  }

  /** TLS before a provider that speaks none. */
  private int front(int port) {
    var tls =
        new PemKeyCertOptions()
            .addCertValue(Buffer.buffer(SERVER.certificatePem()))
            .addKeyValue(Buffer.buffer(SERVER.keyPem()));
    return Outcome.of(
            vertx
                .createNetServer(new NetServerOptions().setSsl(true).setKeyCertOptions(tls))
                .connectHandler(
                    near -> {
                      near.pause();
                      client
                          .connect(port, "127.0.0.1")
                          .onSuccess(
                              far -> {
                                near.pipeTo(far);
                                far.pipeTo(near);
                              });
                    })
                .listen(0, "127.0.0.1"))
        .actualPort();
  }

  private UpstreamConfig config(String bundle) {
    return GivenUpstream.valid(
        ("{type: oidc, oidc_config: {issuer_url: '%s', client_id: keyturn,"
                + " ca_bundle_file: '%s', egress_proxy: {url: '%s'}}}")
            .formatted(issuer, folder.resolve(bundle), proxy.url()));
  }

  private static boolean isReady(UpstreamOverBus upstream) {
    return Outcome.of(upstream.status()).ready();
  }

  private UpstreamLogin login(UpstreamOverBus upstream) {
    var code = provider.authorize(Outcome.of(upstream.begin(request())).location());
    return Outcome.of(upstream.finish(answer(upstream, code)));
  }

  @Test
  void logs_people_in_and_refreshes_all_through_the_proxy() {
    var upstream = GivenUpstream.deploy(vertx, config("right.pem"), clock);
    await().until(() -> isReady(upstream));
    var login = login(upstream);
    assertThat(login.identity().account()).isEqualTo("alice-1");
    assertThat(GivenUpstream.refreshed(upstream, login).accessToken()).startsWith("at-");
    assertThat(proxy.asked).isNotEmpty().allMatch(asked -> asked.startsWith(HOST + ":"));
  }

  @Test
  void is_not_believed_by_another_authority() {
    var upstream = GivenUpstream.deploy(vertx, config("wrong.pem"), clock);
    await().until(() -> !proxy.asked.isEmpty());
    await()
        .untilAsserted(
            () ->
                assertThat(Outcome.of(upstream.status()).reason().orElse(""))
                    .contains("did not answer"));
    assertThat(isReady(upstream)).isFalse();
  }

  @Test
  void takes_another_authority_while_it_works() {
    var upstream = GivenUpstream.deploy(vertx, config("wrong.pem"), clock);
    Outcome.of(upstream.reconfigure(config("right.pem")));
    await().until(() -> isReady(upstream));
    assertThat(login(upstream).identity().account()).isEqualTo("alice-1");
  }

  @Test
  void goes_on_by_the_authority_that_works_where_the_new_one_does_not() {
    var upstream = GivenUpstream.deploy(vertx, config("right.pem"), clock);
    await().until(() -> isReady(upstream));
    Outcome.of(upstream.reconfigure(config("wrong.pem")));
    await().until(() -> Outcome.of(upstream.status()).waiting().isPresent());
    assertThat(login(upstream).identity().account()).isEqualTo("alice-1");
  }
}
