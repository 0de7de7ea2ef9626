package dev.keyturn.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.client.UnusableDocument.Fault;
import dev.keyturn.http.StrictJson;
import dev.keyturn.oauth.RedirectUri;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Reads a client's metadata document: strict about what decides, deaf to what is not known.
 *
 * <p>Documents are written for every server there is, so a redirect URI that is not allowed here, a
 * grant or a method that is not offered here, are left out; what is left must do.
 *
 * @param schemes private-use schemes without a dot that redirect URIs may have
 * @see <a
 *     href="https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-4">Client
 *     ID Metadata Document, section 4</a>
 */
record DocumentReader(Set<String> schemes) {
  private static final int MAX_URIS = 20;
  private static final int MAX_NAME = 256;
  private static final int MAX_NAMES = 40;
  private static final String METHOD = "token_endpoint_auth_method";
  private static final String LOCAL_NAME = "client_name#";
  private static final Set<String> GRANTS = Set.of(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN);

  /** The document at {@code url}, which is the client's name. */
  ClientDocument read(String url, Buffer text) {
    var document = StrictJson.object(text).orElseThrow(() -> fault(url, Fault.NO_OBJECT));
    if (!url.equals(document.path("client_id").textValue())) {
      throw fault(url, Fault.OTHER_CLIENT);
    }
    refuseSecrets(url, document);
    var keys = keys(url, document);
    return new ClientDocument(
        url,
        name(url, document),
        redirectUris(url, document, keys.isEmpty()),
        grants(document),
        keys,
        logoutUris(document));
  }

  private LogoutUris logoutUris(JsonNode document) {
    var afterwards =
        texts(document.path(LogoutUris.AFTERWARDS)).stream()
            .filter(uri -> LogoutUris.complaintAboutAfterwards(uri, schemes).isEmpty())
            .limit(LogoutUris.MAX)
            .toList();
    var backchannel =
        Optional.ofNullable(document.path(LogoutUris.BACKCHANNEL).textValue())
            .filter(uri -> LogoutUris.complaintAboutBackchannel(uri, false).isEmpty())
            .map(URI::create);
    return new LogoutUris(afterwards, backchannel);
  }

  private static void refuseSecrets(String url, JsonNode document) {
    var method = document.path(METHOD).asText("").toLowerCase(Locale.ROOT);
    if (method.startsWith("client_secret")
        || document.hasNonNull("client_secret")
        || document.hasNonNull("client_secret_expires_at")) {
      throw fault(url, Fault.SECRET);
    }
  }

  /** The keys of a client that signs; one that says nothing of a method and has keys is one too. */
  private static Optional<ClientKeys> keys(String url, JsonNode document) {
    var hasKeys = document.hasNonNull("jwks") || document.hasNonNull("jwks_uri");
    var method = document.path(METHOD).asText(hasKeys ? "private_key_jwt" : "none");
    if (!method.equals("private_key_jwt")) {
      return Optional.empty();
    }
    try {
      return Optional.of(ClientKeys.of(document));
    } catch (IllegalArgumentException e) {
      throw fault(url, Fault.KEYS);
    }
  }

  private List<RedirectUri> redirectUris(String url, JsonNode document, boolean publicClient) {
    var uris =
        texts(document.path("redirect_uris")).stream()
            .limit(MAX_URIS)
            .filter(text -> RedirectUri.complaintAbout(text, schemes).isEmpty())
            .map(RedirectUri::new)
            .filter(uri -> publicClient || !uri.isLocal())
            .toList();
    if (uris.isEmpty()) {
      throw fault(url, Fault.REDIRECT_URIS);
    }
    return uris;
  }

  private static Set<String> grants(JsonNode document) {
    return document.hasNonNull("grant_types")
        ? texts(document.path("grant_types")).stream()
            .filter(GRANTS::contains)
            .collect(Collectors.toSet())
        : GRANTS;
  }

  private static ClientName name(String url, JsonNode document) {
    var plain = document.path("client_name").asText("");
    if (plain.isBlank()) {
      throw fault(url, Fault.NO_NAME);
    }
    var local = new TreeMap<String, String>();
    for (var member : document.properties()) {
      if (member.getKey().startsWith(LOCAL_NAME) && local.size() < MAX_NAMES) {
        var tag = member.getKey().substring(LOCAL_NAME.length()).toLowerCase(Locale.ROOT);
        local.put(tag, bounded(member.getValue().asText("")));
      }
    }
    return new ClientName(bounded(plain), Map.copyOf(local));
  }

  private static String bounded(String text) {
    return text.substring(0, Math.min(text.length(), MAX_NAME));
  }

  private static List<String> texts(JsonNode array) {
    return array.isArray()
        ? StreamSupport.stream(array.spliterator(), false)
            .filter(JsonNode::isTextual)
            .map(JsonNode::textValue)
            .toList()
        : List.of();
  }

  private static UnusableDocument fault(String url, Fault fault) {
    return new UnusableDocument(URI.create(url), fault);
  }
}
