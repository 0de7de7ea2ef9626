package dev.keyturn.upstream;

import dev.keyturn.config.Secret;
import dev.keyturn.config.SecretRef;
import dev.keyturn.config.Settings;
import dev.keyturn.http.OutgoingHttp.Reach;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.upstream.SelfRegistration.Software;
import java.net.URI;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Reads {@code dcr_config}. */
final class SelfRegistrationReader {
  /** The setting that holds it. */
  static final String FIELD = "dcr_config";

  private static final String DISCOVERY = "discovery_url";
  private static final String ENDPOINT = "registration_endpoint";
  private static final String TOKEN = "initial_access_token";
  private static final String STATEMENT = "software_statement";
  private static final Predicate<String> BEARER =
      Pattern.compile("[\\x21-\\x7E]{1,16384}").asMatchPredicate();
  private static final Predicate<String> JWT =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+").asMatchPredicate();
  private static final Predicate<String> LINE =
      Pattern.compile("[^\\p{Cntrl}]{1,255}").asMatchPredicate();
  private static final int MAX_STATEMENT = 16 * 1024;

  private final Settings upstream;
  private final Settings settings;
  private final SecretReader secrets;
  private final Reach reach;

  /**
   * @param upstream the mapping that it is part of
   */
  SelfRegistrationReader(Settings upstream, SecretReader secrets, Reach reach) {
    this.upstream = upstream;
    this.settings = upstream.child(FIELD);
    this.secrets = secrets;
    this.reach = reach;
  }

  /**
   * Reads it.
   *
   * @param issuer of a provider whose own document names the endpoint
   */
  Optional<SelfRegistration> read(Optional<URI> issuer) {
    ClientReader.FIELDS.stream()
        .filter(upstream::has)
        .forEach(field -> upstream.refuse(field, "does not go with dcr_config: name one of them"));
    var discovery = reachable(DISCOVERY);
    var endpoint = reachable(ENDPOINT);
    if (issuer.isPresent() && discovery.isPresent()) {
      settings.refuse(DISCOVERY, "does not belong to an upstream that has an issuer_url");
    } else if (issuer.isEmpty() && settings.has(DISCOVERY) == settings.has(ENDPOINT)) {
      settings.refuse(DISCOVERY, "is given xor registration_endpoint: name one of them");
    }
    var token = token();
    var method = authentication();
    var software =
        new Software(line("client_name").orElse("Keyturn"), line("software_id"), statement());
    return discovery
        .or(() -> endpoint)
        .or(() -> issuer)
        .map(place -> new SelfRegistration(place, discovery, endpoint, token, method, software));
  }

  private Optional<ClientAuthentication> authentication() {
    if (!upstream.has(ClientAuthentication.FIELD)) {
      return Optional.empty();
    }
    var method = ClientAuthentication.read(upstream, ClientAuthentication.CLIENT_SECRET_BASIC);
    if (method == ClientAuthentication.PRIVATE_KEY_JWT) {
      upstream.refuse(
          ClientAuthentication.FIELD,
          "private_key_jwt does not go with dcr_config, which registers no key: register one by"
              + " hand, and name client_id");
    }
    return Optional.of(method);
  }

  private Optional<URI> reachable(String field) {
    var url = settings.url(field);
    url.filter(given -> !reach.admitsScheme(given))
        .ifPresent(given -> settings.refuse(field, "must be an https URL"));
    return url;
  }

  private Optional<Secret> token() {
    var ref = settings.secret(TOKEN);
    var token = ref.flatMap(secrets::text);
    token
        .filter(read -> !BEARER.test(read.value()))
        .ifPresent(
            wrong ->
                settings.findings().error(ref.orElseThrow().setting(), "holds no bearer token"));
    return token;
  }

  private Optional<String> line(String field) {
    var text = settings.text(field);
    text.filter(given -> !LINE.test(given))
        .ifPresent(wrong -> settings.refuse(field, "must be at most 255 characters in one line"));
    return text;
  }

  /** It is as long as a JWT, so it may have a file of its own. */
  private Optional<String> statement() {
    var inline = settings.text(STATEMENT);
    var name = STATEMENT + "_file";
    var file =
        settings
            .file(name)
            .flatMap(path -> secrets.text(new SecretRef.File(settings.name(name), path)));
    if (inline.isPresent() && settings.has(name)) {
      settings.refuse(name, "must not be given together with software_statement");
    } else {
      check(STATEMENT, inline);
      check(name, file.map(Secret::value));
    }
    return inline.or(() -> file.map(Secret::value));
  }

  private void check(String field, Optional<String> statement) {
    if (statement.filter(text -> text.length() > MAX_STATEMENT || !JWT.test(text)).isPresent()) {
      settings.refuse(field, "must be a signed JWT of at most 16384 characters");
    }
  }
}
