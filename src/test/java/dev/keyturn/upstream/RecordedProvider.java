package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyturn.given.FakeOAuth2;
import dev.keyturn.given.FakeOidc;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** A provider on loopback that answers in the shape of a well-known one. */
final class RecordedProvider {
  private static final Path RECORDS = Path.of("src/test/resources/dev/keyturn/upstream/providers");
  private static final String USERINFO = "userinfo";

  private final JsonNode record;
  private final ObjectNode entry;
  private final FakeOidc oidc;
  private final FakeOAuth2 oauth2;

  private RecordedProvider(Vertx vertx, Clock clock, String name) throws IOException {
    record = record(name);
    entry =
        (ObjectNode)
            new YAMLMapper()
                .readTree(Path.of("conf", name + ".yaml").toFile())
                .path("upstreams")
                .get(0);
    oidc = FakeOidc.start(vertx, clock);
    oauth2 = FakeOAuth2.start(vertx);
    if (isOidc()) {
      moveOidc((ObjectNode) entry.path("oidc_config"));
      oidc.claims =
          claims -> {
            var config = entry.path("oidc_config");
            claims.issuer(text(config.path("issuer_url"))).audience(text(config.path("client_id")));
            object(record.path("claims")).getMap().forEach(claims::claim);
            return claims;
          };
      oidc.userinfo = object(record.path(USERINFO));
    } else {
      moveOAuth2((ObjectNode) entry.path("oauth2_config"));
      oauth2.user = record.path("user").toString();
    }
    answers(record.path("token"));
  }

  static RecordedProvider start(Vertx vertx, Clock clock, String name) {
    try {
      return new RecordedProvider(vertx, clock, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> names() throws IOException {
    try (var files = Files.list(RECORDS)) {
      return files
          .map(file -> file.getFileName().toString().replace(".json", ""))
          .sorted()
          .toList();
    }
  }

  /** Those whose shape has one of {@code parts}. */
  static List<String> namesWith(String... parts) throws IOException {
    return names().stream()
        .filter(name -> Stream.of(parts).anyMatch(part -> record(name).has(part)))
        .toList();
  }

  static String text(JsonNode value) {
    return value.asText();
  }

  /** The entry of the example, with the addresses of this one. */
  String example() {
    return entry.toString();
  }

  /** The code of a browser that was sent to {@code location}. */
  String authorize(URI location) {
    return isOidc() ? oidc.authorize(location) : "c";
  }

  JsonNode expect(String field) {
    return record.path("expect").path(field);
  }

  void answersRefresh() {
    answers(record.path("refresh"));
  }

  void answersRevoked() {
    var status = record.path("revoked").path("status").intValue();
    oidc.tokenStatus = status;
    oauth2.tokenStatus = status;
    var body = record.path("revoked").path("body");
    oidc.answer = tokens -> object(body);
    oauth2.token = body.toString();
  }

  void answersStranger() {
    var claims = oidc.claims;
    oidc.claims =
        builder -> {
          var theirs = claims.apply(builder);
          object(record.path("stranger")).getMap().forEach(theirs::claim);
          return theirs;
        };
    if (record.has("strangerUserinfo")) {
      oidc.userinfo = object(record.path("strangerUserinfo"));
    }
    if (record.has("strangerToken")) {
      answers(record.path("strangerToken"));
    }
    oauth2.user = record.path("stranger").toString();
  }

  private void answers(JsonNode token) {
    oidc.answer = tokens -> object(token).put("id_token", tokens.getString("id_token"));
    oauth2.token = token.toString();
  }

  private boolean isOidc() {
    return entry.path("type").textValue().equals("oidc");
  }

  private void moveOidc(ObjectNode config) {
    var end = config.path("issuer_url").textValue().endsWith("/") ? "/" : "";
    oidc.metadata = document -> document.put("issuer", oidc.issuer() + end);
    config.put("issuer_url", oidc.issuer() + end);
    if (config.path("userinfo_override") instanceof ObjectNode userinfo) {
      userinfo.put("endpoint_url", oidc.issuer() + "/userinfo");
    }
    if (record.path("settings") instanceof ObjectNode more) {
      config.setAll(more);
    }
    secret(config);
  }

  private void moveOAuth2(ObjectNode config) {
    config.put("authorization_endpoint", oauth2.url("/login/oauth/authorize"));
    config.put("token_endpoint", oauth2.url("/login/oauth/access_token"));
    if (config.path(USERINFO) instanceof ObjectNode userinfo) {
      userinfo.put("endpoint_url", oauth2.url("/user"));
    }
    secret(config);
  }

  private static void secret(ObjectNode config) {
    config.remove("client_secret_file");
    config.put("client_secret_env_var", "SECRET");
  }

  private static JsonObject object(JsonNode node) {
    return node.isObject() ? new JsonObject(node.toString()) : new JsonObject();
  }

  private static JsonNode record(String name) {
    try {
      return new ObjectMapper().readTree(RECORDS.resolve(name + ".json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
