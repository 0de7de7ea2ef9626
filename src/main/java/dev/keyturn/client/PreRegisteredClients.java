package dev.keyturn.client;

import dev.keyturn.config.Settings;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.secrets.SecretReader;
import io.vertx.core.Future;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The clients that the operator named in the configuration.
 *
 * <p>One that has a secret is a program on a server: it comes back at an https URL, never on
 * somebody's own machine, where a secret would be everybody's.
 */
public final class PreRegisteredClients implements Clients {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~:/-]{1,256}");
  private static final Set<String> GRANTS = Set.of(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN);

  private final Map<String, Client> clients;

  /** Clients by their {@code client_id}, which must differ. */
  public PreRegisteredClients(List<Client> clients) {
    this.clients = clients.stream().collect(Collectors.toMap(Client::id, Function.identity()));
  }

  /**
   * Reads the list {@code clients} of the whole configuration.
   *
   * @param limits what this server offers at all
   */
  public static PreRegisteredClients from(Settings settings, SecretReader secrets, Limits limits) {
    var seen = new LinkedHashSet<String>();
    return new PreRegisteredClients(
        settings.list(
            "clients",
            entry -> {
              var id = id(entry);
              if (!id.isEmpty() && !seen.add(id)) {
                entry.refuse("client_id", "is given to two clients");
              }
              return read(entry, id, secrets, limits);
            }));
  }

  @Override
  public Future<Optional<Client>> find(String id) {
    return Future.succeededFuture(Optional.ofNullable(clients.get(id)));
  }

  /** Whether the configuration names a client of that id. */
  public boolean names(String id) {
    return clients.containsKey(id);
  }

  @Override
  public Set<Authentication.Method> methods() {
    return clients.values().stream()
        .map(client -> client.authentication().method())
        .collect(Collectors.toSet());
  }

  /** By which methods those of them authenticate that prove themselves. */
  public Set<Authentication.Method> provingMethods() {
    return clients.values().stream()
        .filter(Client::isConfidential)
        .map(client -> client.authentication().method())
        .collect(Collectors.toSet());
  }

  private static Optional<Client> read(
      Settings entry, String id, SecretReader secrets, Limits limits) {
    var authentication = new AuthenticationReader(entry, secrets).read();
    var name = new ClientName(entry.text("client_name", ""));
    var uris = redirectUris(entry, limits);
    if (authentication.filter(Authentication::isConfidential).isPresent()) {
      requireWeb(entry, uris);
    }
    var grants = entry.texts("grant_types", GRANTS::contains, "is none of " + sorted(GRANTS));
    var scopes =
        entry.texts("scopes", limits.scopes()::contains, "is not among the supported scopes");
    var audiences =
        entry.texts("audiences", limits::allowsAudience, "is not among the allowed audiences");
    var logout = logoutUris(entry, limits);
    if (!grants.isEmpty() && !grants.contains(Client.AUTHORIZATION_CODE)) {
      entry.refuse("grant_types", "must hold authorization_code");
    }
    return entry.build(
        () ->
            new Client(
                id,
                Client.Kind.PRE_REGISTERED,
                name,
                uris.stream().map(RedirectUri::new).toList(),
                grants.isEmpty() ? GRANTS : Set.copyOf(grants),
                scopes.isEmpty() ? Optional.empty() : Optional.of(Scopes.of(scopes)),
                audiences,
                authentication.orElseThrow(),
                logout));
  }

  private static String id(Settings entry) {
    var id = entry.required("client_id");
    if (!id.isEmpty() && !ID.matcher(id).matches()) {
      entry.refuse("client_id", "must be at most 256 characters of A-Z a-z 0-9 . _ ~ : / -");
    }
    if (id.startsWith("u_")) {
      entry.refuse("client_id", "must not start with u_, which names users");
    }
    return id;
  }

  private static List<String> redirectUris(Settings entry, Limits limits) {
    var uris = entry.texts("redirect_uris");
    if (uris.isEmpty()) {
      entry.refuse("redirect_uris", "must name at least one URI");
    }
    for (int i = 0; i < uris.size(); i++) {
      var complaint = RedirectUri.complaintAbout(uris.get(i), limits.schemes());
      if (!complaint.isEmpty()) {
        entry.refuse("redirect_uris[" + i + "]", complaint);
      }
    }
    return uris;
  }

  private static LogoutUris logoutUris(Settings entry, Limits limits) {
    var afterwards = entry.texts(LogoutUris.AFTERWARDS);
    for (int i = 0; i < afterwards.size(); i++) {
      var complaint = LogoutUris.complaintAboutAfterwards(afterwards.get(i), limits.schemes());
      if (!complaint.isEmpty()) {
        entry.refuse(LogoutUris.AFTERWARDS + "[" + i + "]", complaint);
      }
    }
    var backchannel = entry.text(LogoutUris.BACKCHANNEL, "");
    var complaint =
        backchannel.isEmpty() ? "" : LogoutUris.complaintAboutBackchannel(backchannel, true);
    if (!complaint.isEmpty()) {
      entry.refuse(LogoutUris.BACKCHANNEL, complaint);
      return LogoutUris.NONE;
    }
    return new LogoutUris(
        afterwards,
        backchannel.isEmpty() ? Optional.empty() : Optional.of(URI.create(backchannel)));
  }

  private static void requireWeb(Settings entry, List<String> uris) {
    for (int i = 0; i < uris.size(); i++) {
      if (!uris.get(i).regionMatches(true, 0, "https:", 0, "https:".length())) {
        entry.refuse(
            "redirect_uris[" + i + "]", "must be https: this client has a secret, so it is no app");
      }
    }
  }

  private static String sorted(Set<String> words) {
    return String.join(", ", words.stream().sorted().toList());
  }

  /**
   * What this server offers at all, and so the most that a client may be given.
   *
   * @param scopes the supported scopes
   * @param audiences the allowed audiences
   * @param schemes private-use schemes without a dot that redirect URIs may have
   */
  public record Limits(Scopes scopes, List<String> audiences, Set<String> schemes) {
    public Limits {
      audiences = List.copyOf(audiences);
      schemes = Set.copyOf(schemes);
    }

    private boolean allowsAudience(String audience) {
      return audiences.stream().anyMatch(allowed -> isSame(allowed, audience));
    }

    private static boolean isSame(String one, String other) {
      return one.equals(other)
          || (ResourceIndicator.isValid(one)
              && ResourceIndicator.isValid(other)
              && new ResourceIndicator(one).names(new ResourceIndicator(other)));
    }
  }
}
