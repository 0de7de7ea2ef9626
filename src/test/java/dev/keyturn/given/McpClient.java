package dev.keyturn.given;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A public MCP client that does each step when it is told to. */
public final class McpClient {
  /** The PKCE secret of every request. */
  public static final String VERIFIER = "v".repeat(43);

  private static final String CALL =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{}}}\
      """;

  private static final AtomicInteger DOCUMENTS = new AtomicInteger();

  private final Wire wire;
  private final Place place;
  private final String id;
  private final String redirectUri;

  public McpClient(Place place, String id, String redirectUri) {
    this(place, id, redirectUri, new Wire());
  }

  public McpClient(Place place, String id, String redirectUri, Wire wire) {
    this.wire = wire;
    this.place = place;
    this.id = id;
    this.redirectUri = redirectUri;
  }

  /** A client that has just registered itself with one redirect URI. */
  public static McpClient registered(Place place, String redirectUri) {
    return registered(place, redirectUri, new Wire());
  }

  /**
   * A client that publishes who it is: the counterpart of {@link #registered}, for a server that
   * was started with {@link MetadataHost#setting}.
   */
  public static McpClient byDocument(Place place, MetadataHost host, String redirectUri) {
    var path = "/client-" + DOCUMENTS.incrementAndGet() + ".json";
    return byDocument(place, host, document(host.url(path).toString(), redirectUri), redirectUri);
  }

  /** One that publishes this, and is asked to come back at one of its redirect URIs. */
  public static McpClient byDocument(
      Place place, MetadataHost host, JsonObject document, String redirectUri) {
    var url = URI.create(document.getString("client_id"));
    host.publish(
        url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + "?" + url.getRawQuery(),
        document);
    return new McpClient(place, url.toString(), redirectUri);
  }

  /** A document of a public client in which everything is in order. */
  public static JsonObject document(String id, String... redirectUris) {
    return new JsonObject()
        .put("client_id", id)
        .put("client_name", "Some Editor")
        .put("redirect_uris", new JsonArray(java.util.List.of(redirectUris)))
        .put("token_endpoint_auth_method", "none");
  }

  /** The same over a wire of one's own. */
  public static McpClient registered(Place place, String redirectUri, Wire wire) {
    var metadata =
        new JsonObject()
            .put("client_name", "Some Editor")
            .put("redirect_uris", new JsonArray().add(redirectUri))
            .put("token_endpoint_auth_method", "none");
    var answer = wire.postJson(place.url("/oauth/register"), Map.of(), metadata.encode());
    return new McpClient(place, answer.text("client_id"), redirectUri, wire);
  }

  public String id() {
    return id;
  }

  /** A request in which everything is in order. */
  public Form request() {
    return Form.of(
        "response_type",
        "code",
        "client_id",
        id,
        "redirect_uri",
        redirectUri,
        "code_challenge",
        challenge(VERIFIER),
        "code_challenge_method",
        "S256",
        "state",
        "a state&more",
        "scope",
        "openid mcp:tools offline_access",
        "resource",
        place.mcp().toString());
  }

  /** Where the person is sent with a request that is in order. */
  public URI authorize() {
    return authorize(request());
  }

  public URI authorize(Form request) {
    return place.browserUrl("/oauth/authorize?" + request.encoded());
  }

  /** A token request that is in order. */
  public Form redemption(String code) {
    return Form.of(
        "grant_type", "authorization_code",
        "code", code,
        "redirect_uri", redirectUri,
        "code_verifier", VERIFIER,
        "client_id", id);
  }

  public Answer token(Form form) {
    return wire.post(place.url("/oauth/token"), form);
  }

  /** The tokens for the code that a login ended with. */
  public Answer redeem(Answer handed) {
    return token(redemption(handed.handed("code")));
  }

  /** The tokens of a login, from the beginning. */
  public Answer connect(User user) {
    return redeem(user.logIn(authorize()));
  }

  public Form refreshment(String refreshToken) {
    return Form.of("grant_type", "refresh_token", "refresh_token", refreshToken, "client_id", id);
  }

  public Answer refresh(String refreshToken) {
    return token(refreshment(refreshToken));
  }

  /** Calls the tool {@code whoami} through the gateway. */
  public Answer call(String accessToken) {
    return wire.postJson(
        place.mcp(),
        Map.of(
            "Authorization",
            "Bearer " + accessToken,
            "Accept",
            "application/json, text/event-stream"),
        CALL.formatted("whoami"));
  }

  public static String challenge(String verifier) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
