package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.config.Settings;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.http.OutgoingHttp.Reach;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A provider's resource that tells whom an access token is about.
 *
 * @param subjectFields fields of which the first that is there names the person
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#UserInfo">OpenID Connect
 *     Core, section 5.3</a>
 */
record Userinfo(
    URI endpoint,
    boolean post,
    Map<String, String> headers,
    List<String> subjectFields,
    List<String> nameFields,
    List<String> emailFields) {
  private static final String HEADERS = "additional_headers";
  private static final Set<String> OURS =
      Set.of(
          "authorization", "host", "content-length", "transfer-encoding", "connection", "cookie");

  Userinfo {
    headers = Map.copyOf(headers);
    subjectFields = List.copyOf(subjectFields);
    nameFields = List.copyOf(nameFields);
    emailFields = List.copyOf(emailFields);
  }

  /** Reads {@code userinfo} or {@code userinfo_override}. */
  static Optional<Userinfo> from(Settings settings, Reach reach) {
    var endpoint = settings.requiredUrl("endpoint_url");
    if (!reach.admitsScheme(endpoint)) {
      settings.refuse("endpoint_url", "must be an https URL");
    }
    var post = settings.word("http_method", "GET", Set.of("GET", "POST")).equals("POST");
    var headers = settings.map(HEADERS);
    headers.forEach((name, value) -> judgeHeader(settings, name, value));
    var fields = settings.child("field_mapping");
    var subject = fields(fields, "subject_fields", "sub");
    var name = fields(fields, "name_fields", "name");
    var email = fields(fields, "email_fields", "email");
    return settings.build(() -> new Userinfo(endpoint, post, headers, subject, name, email));
  }

  /** What the provider says of whom {@code accessToken} is about. */
  Future<ObjectNode> ask(OutgoingHttp http, String accessToken, Refusals refusals) {
    var all = new LinkedHashMap<>(headers);
    all.put("Authorization", "Bearer " + accessToken);
    var answer = post ? http.post(endpoint, all, Buffer.buffer()) : http.get(endpoint, all);
    return answer.map(found -> read(found, refusals));
  }

  /** The person, named by {@code issuer} and the field that is there. */
  Optional<Subject> subject(ObjectNode answer, String issuer) {
    return subjectFields.stream()
        .flatMap(
            field ->
                Json.text(answer, field)
                    .filter(Subject::isValid)
                    .map(value -> new Subject(issuer, field, value))
                    .stream())
        .findFirst();
  }

  Profile profile(ObjectNode answer) {
    return new Profile(
        first(answer, nameFields),
        first(answer, emailFields),
        Json.isTrue(answer.path("email_verified")));
  }

  private static ObjectNode read(Answer answer, Refusals refusals) {
    refusals
        .outage(answer)
        .ifPresent(
            outage -> {
              throw outage;
            });
    return Optional.of(answer)
        .filter(ok -> ok.status() == 200)
        .flatMap(ok -> Json.object(ok.body().getBytes()))
        .orElseThrow(() -> refusals.of("userinfo", "status_" + answer.status()));
  }

  private static Optional<String> first(ObjectNode answer, List<String> fields) {
    return fields.stream().flatMap(field -> Json.text(answer, field).stream()).findFirst();
  }

  private static List<String> fields(Settings settings, String field, String otherwise) {
    var names = settings.texts(field);
    return names.isEmpty() ? List.of(otherwise) : names;
  }

  private static void judgeHeader(Settings settings, String name, String value) {
    if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      settings.refuse(HEADERS + "." + name, "is set by Keyturn itself");
    }
    if (!name.matches("[A-Za-z0-9-]{1,64}") || !value.matches("[\\x20-\\x7E]{0,1024}")) {
      settings.refuse(HEADERS + "." + name, "is no header that can be sent");
    }
  }
}
