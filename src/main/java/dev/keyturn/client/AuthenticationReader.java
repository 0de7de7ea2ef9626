package dev.keyturn.client;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.config.Secret;
import dev.keyturn.config.SecretRef;
import dev.keyturn.config.Settings;
import dev.keyturn.secrets.SecretReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads how a client of the configuration authenticates.
 *
 * @param entry the client's own mapping
 */
record AuthenticationReader(Settings entry, SecretReader secrets) {
  private static final String METHOD = "token_endpoint_auth_method";
  private static final String SECRET_FIELD = "client_secret";
  private static final String LIST = SECRET_FIELD + "_files";
  private static final String PKCE = "pkce";
  private static final String LATER = "is not supported yet";
  private static final String PROFILE = "profile";

  /** RFC 6749, appendix A.2. */
  private static final Pattern SECRET = Pattern.compile("[\\x20-\\x7E]*");

  /** Empty, with findings, where something is wrong. */
  Optional<Authentication> read() {
    refusePlanned();
    var references = references();
    var keys = new KeysReader(entry, secrets);
    var method = method(!references.isEmpty(), keys.areNamed());
    var requiresPkce = requiresPkce(!references.isEmpty() || keys.areNamed());
    var read =
        keys.areNamed()
            ? keys.read().map(own -> Authentication.byKeys(own, requiresPkce))
            : authentication(references, method, requiresPkce);
    return read.map(this::pushing);
  }

  private Optional<Authentication> authentication(
      List<SecretRef> references, Method method, boolean requiresPkce) {
    if (references.isEmpty()) {
      return Optional.of(Authentication.PUBLIC);
    }
    var known = secrets(references);
    return known.size() == references.size() && method.hasSecret()
        ? Optional.of(Authentication.bySecrets(method, known, requiresPkce))
        : Optional.empty();
  }

  private Authentication pushing(Authentication authentication) {
    return entry.flag("require_par", false) ? authentication.requiringPush() : authentication;
  }

  /** Where the one secret is, or where all are, the newest first. */
  private List<SecretRef> references() {
    var one = entry.secret(SECRET_FIELD);
    var files = entry.files(LIST);
    if (files.size() > Authentication.MAX_SECRETS) {
      entry.refuse(LIST, "must name at most " + Authentication.MAX_SECRETS + " files");
    }
    if (one.isPresent() && !files.isEmpty()) {
      var field = one.get() instanceof SecretRef.File ? "_file" : "_env_var";
      entry.refuse(LIST, "must not be given together with " + SECRET_FIELD + field);
    }
    return Stream.concat(
            one.stream(),
            IntStream.range(0, files.size())
                .mapToObj(i -> new SecretRef.File(entry.name(LIST + "[" + i + "]"), files.get(i))))
        .limit(Authentication.MAX_SECRETS)
        .toList();
  }

  /** Those that are good; the same secret twice would only look like a new one. */
  private List<Secret> secrets(List<SecretRef> references) {
    var known = new ArrayList<Secret>();
    for (var reference : references) {
      var secret = secret(reference);
      if (secret.filter(known::contains).isPresent()) {
        complain(reference, "holds a secret that is listed before it");
      } else {
        secret.ifPresent(known::add);
      }
    }
    return known;
  }

  private Method method(boolean hasSecret, boolean signs) {
    var usual =
        hasSecret ? Method.CLIENT_SECRET_BASIC : signs ? Method.PRIVATE_KEY_JWT : Method.NONE;
    var words = Stream.of(Method.values()).map(Method::wire).collect(Collectors.toSet());
    var method = Method.of(entry.word(METHOD, usual.wire(), words)).orElse(usual);
    if (hasSecret && signs) {
      entry.refuse(METHOD, "is for a secret or for keys: a client authenticates in one way");
    } else if (hasSecret && !method.hasSecret()) {
      entry.refuse(METHOD, "must not be " + method.wire() + " where there is a secret");
    } else if (signs && method != Method.PRIVATE_KEY_JWT) {
      entry.refuse(METHOD, "must be private_key_jwt where there are keys");
    } else if (!hasSecret && method.hasSecret()) {
      entry.refuse(
          METHOD, "needs client_secret_file, client_secret_files or client_secret_env_var");
    } else if (!signs && method == Method.PRIVATE_KEY_JWT) {
      entry.refuse(METHOD, "needs jwks_file or jwks_uri");
    }
    return method;
  }

  private boolean requiresPkce(boolean confidential) {
    var required = entry.word(PKCE, "required", Set.of("required", "optional")).equals("required");
    if (!required && !confidential) {
      entry.refuse(PKCE, "must be required: optional is for clients that have a secret");
    }
    return required;
  }

  private Optional<Secret> secret(SecretRef reference) {
    var secret = secrets.text(reference);
    var length = secret.map(text -> text.value().length()).orElse(Authentication.MIN_SECRET);
    if (length < Authentication.MIN_SECRET) {
      complain(
          reference,
          "holds "
              + length
              + " characters: a client's secret needs at least "
              + Authentication.MIN_SECRET);
      return Optional.empty();
    }
    if (secret.isPresent() && !SECRET.matcher(secret.get().value()).matches()) {
      complain(reference, "must hold one line of printable ASCII");
      return Optional.empty();
    }
    return secret;
  }

  private void complain(SecretRef reference, String complaint) {
    var place =
        reference instanceof SecretRef.File file
            ? file.path().toString()
            : "the variable " + ((SecretRef.Variable) reference).name();
    entry.findings().error(reference.setting(), "names " + place + ", which " + complaint);
  }

  private void refusePlanned() {
    if (entry.text(PROFILE).isPresent()) {
      entry.refuse(PROFILE, LATER);
    }
  }
}
