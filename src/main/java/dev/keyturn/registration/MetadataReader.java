package dev.keyturn.registration;

import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT_METADATA;
import static dev.keyturn.oauth.ErrorCode.INVALID_REDIRECT_URI;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientKeys;
import dev.keyturn.client.ClientMetadata;
import dev.keyturn.client.LogoutUris;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The reading of a registration request: strict about what decides, tolerant of what is unknown.
 *
 * @param schemes private-use schemes without a dot that redirect URIs may have
 * @param confidential whether a client may have a secret
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591, section 2</a>
 */
record MetadataReader(Set<String> schemes, ConfidentialRegistration confidential) {
  private static final String METHOD = "token_endpoint_auth_method";
  private static final int MAX_URIS = 10;
  private static final int MAX_CLAIMS = 40;
  private static final int MAX_CONTACTS = 10;
  private static final int MAX_SCOPE = 4096;
  private static final int SHOWN = 200;
  private static final Set<String> GRANTS = Set.of(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN);
  private static final Set<String> TEXTS = Set.of("client_name", "software_id", "software_version");
  private static final Set<String> URLS = Set.of("client_uri", "logo_uri", "tos_uri", "policy_uri");

  /** What the body says, or a refusal. */
  ClientMetadata read(Buffer body) {
    var members = JsonMembers.parse(body);
    requireCode(members);
    var uris = redirectUris(members);
    var method = method(members, uris);
    return new ClientMetadata(
        uris,
        grantTypes(members),
        method,
        applicationType(members, uris),
        scope(members),
        contacts(members),
        keys(members, method),
        logoutUris(members),
        claims(members));
  }

  private List<RedirectUri> redirectUris(JsonMembers members) {
    var uris = members.texts("redirect_uris");
    if (uris.isEmpty() || uris.size() != members.object().path("redirect_uris").size()) {
      throw INVALID_REDIRECT_URI.because("redirect_uris must be an array of at least one URI");
    }
    if (uris.size() > MAX_URIS) {
      throw INVALID_REDIRECT_URI.because("redirect_uris must hold at most " + MAX_URIS + " URIs");
    }
    return uris.stream().map(this::redirectUri).toList();
  }

  private RedirectUri redirectUri(String text) {
    var complaint = RedirectUri.complaintAbout(text, schemes);
    if (!complaint.isEmpty()) {
      throw INVALID_REDIRECT_URI.because("redirect URI " + shown(text) + " " + complaint);
    }
    return new RedirectUri(text);
  }

  private static String shown(String text) {
    return text.substring(0, Math.min(text.length(), SHOWN));
  }

  /** What is left out means {@code none} here: most clients that leave it out have no secret. */
  private Method method(JsonMembers members, List<RedirectUri> uris) {
    var named = members.text(METHOD).orElse("none");
    var method =
        Method.of(named)
            .filter(known -> known == Method.NONE || confidential.allowed())
            .filter(known -> !isOfAnotherKind(members, METHOD))
            .orElseThrow(() -> INVALID_CLIENT_METADATA.because(METHOD + " must be " + methods()));
    var effective =
        method == Method.NONE && confidential.forces(uris) ? Method.CLIENT_SECRET_POST : method;
    if (effective != Method.NONE) {
      uris.forEach(uri -> requireWeb(uri, effective));
    }
    return effective;
  }

  /** Those of other methods are for what is not done here. */
  private static Optional<ClientKeys> keys(JsonMembers members, Method method) {
    if (method != Method.PRIVATE_KEY_JWT) {
      return Optional.empty();
    }
    try {
      return Optional.of(ClientKeys.of(members.object()));
    } catch (IllegalArgumentException e) {
      throw INVALID_CLIENT_METADATA.because(String.valueOf(e.getMessage()));
    }
  }

  private LogoutUris logoutUris(JsonMembers members) {
    var afterwards = members.words(LogoutUris.AFTERWARDS).orElse(List.of());
    if (afterwards.size() > LogoutUris.MAX) {
      throw INVALID_CLIENT_METADATA.because(
          LogoutUris.AFTERWARDS + " must hold at most " + LogoutUris.MAX + " URIs");
    }
    for (var uri : afterwards) {
      requireFine(
          "post-logout redirect URI " + shown(uri),
          LogoutUris.complaintAboutAfterwards(uri, schemes));
    }
    var backchannel = members.text(LogoutUris.BACKCHANNEL);
    backchannel.ifPresent(
        uri ->
            requireFine(LogoutUris.BACKCHANNEL, LogoutUris.complaintAboutBackchannel(uri, false)));
    return new LogoutUris(afterwards, backchannel.map(URI::create));
  }

  private static void requireFine(String what, String complaint) {
    if (!complaint.isEmpty()) {
      throw INVALID_CLIENT_METADATA.because(what + " " + complaint);
    }
  }

  private String methods() {
    return confidential.allowed()
        ? "none, private_key_jwt, client_secret_basic or client_secret_post"
        : "none: confidential clients cannot register here";
  }

  private static void requireWeb(RedirectUri uri, Method method) {
    if (!ConfidentialRegistration.isWeb(uri.value())) {
      throw INVALID_REDIRECT_URI.because(
          "redirect URI %s must be https: this client has a %s"
              .formatted(shown(uri.value()), method == Method.PRIVATE_KEY_JWT ? "key" : "secret"));
    }
  }

  private static void requireCode(JsonMembers members) {
    if (!members.words("response_types").orElse(List.of("code")).contains("code")) {
      throw INVALID_CLIENT_METADATA.because("response_types must hold code");
    }
  }

  private static Set<String> grantTypes(JsonMembers members) {
    var grants = new LinkedHashSet<>(members.words("grant_types").orElse(List.copyOf(GRANTS)));
    grants.retainAll(GRANTS);
    if (!grants.contains(Client.AUTHORIZATION_CODE)) {
      throw INVALID_CLIENT_METADATA.because("grant_types must hold authorization_code");
    }
    return grants;
  }

  private static String applicationType(JsonMembers members, List<RedirectUri> uris) {
    var local = uris.stream().anyMatch(uri -> uri.isPrivateUse() || uri.isLoopbackHttp());
    return members
        .text("application_type")
        .filter(Set.of("native", "web")::contains)
        .orElse(local ? "native" : "web");
  }

  /** Some clients send an array. It is a hint, so what cannot be a scope is left out. */
  private static Scopes scope(JsonMembers members) {
    var words =
        Stream.concat(
                members.text("scope").stream().flatMap(text -> Stream.of(text.split(" "))),
                members.texts("scope").stream())
            .filter(Scopes::isToken)
            .distinct()
            .limit(100)
            .toList();
    var scope = Scopes.of(words);
    JsonMembers.bounded("scope", scope.wire(), MAX_SCOPE);
    return scope;
  }

  private static List<String> contacts(JsonMembers members) {
    return members.texts("contacts").stream()
        .filter(contact -> !contact.isEmpty())
        .limit(MAX_CONTACTS)
        .map(contact -> JsonMembers.bounded("contacts", contact, 256))
        .toList();
  }

  /** Texts, with their translations such as {@code client_name#fr}. */
  private static Map<String, String> claims(JsonMembers members) {
    var claims = new TreeMap<String, String>();
    for (var name : members.names()) {
      var plain = name.split("#", 2)[0];
      var text = members.text(name).orElse("");
      if (TEXTS.contains(plain) && !text.isEmpty() && isName(name)) {
        claims.put(name, JsonMembers.bounded(plain, text, 256));
      } else if (URLS.contains(plain) && text.matches("https?://.+") && isName(name)) {
        claims.put(name, JsonMembers.bounded(plain, text, 2048));
      }
    }
    if (claims.size() > MAX_CLAIMS || claims.toString().length() > 16_384) {
      throw INVALID_CLIENT_METADATA.because("the metadata holds too many texts");
    }
    return claims;
  }

  /** RFC 7591, section 2.2: the tag after the hash is a language tag. */
  private static boolean isName(String name) {
    return name.matches("[a-z_]+(#[A-Za-z0-9-]{1,35})?");
  }

  private static boolean isOfAnotherKind(JsonMembers members, String name) {
    return members.has(name) && !members.object().path(name).isTextual();
  }
}
