package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An account at a provider, as {@link Allow} judges it.
 *
 * @param subject the provider's own subject
 * @param claims all that the provider says of it
 */
record Account(String subject, ObjectNode claims) {
  private static final String EMAIL = "email";
  private static final List<String> EMAIL_PAIR = List.of(EMAIL, "email_verified");
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");
  private static final int MAX_ADDRESS = 320;

  /**
   * The claims of an ID token, and of userinfo those that it has not.
   *
   * <p>An address and the word that it is verified come from the same document: two documents
   * together must not vouch for an address that neither of them vouches for.
   */
  static ObjectNode claims(ObjectNode idToken, Optional<ObjectNode> userinfo) {
    var more = userinfo.orElseGet(Json::empty);
    var all = more.deepCopy();
    all.setAll(idToken);
    all.remove(EMAIL_PAIR);
    var speaker = idToken.hasNonNull(EMAIL) ? idToken : more;
    EMAIL_PAIR.stream()
        .filter(speaker::has)
        .forEach(field -> all.set(field, speaker.path(field).deepCopy()));
    return all;
  }

  /** What a claim names, whether it is one name or a list. */
  List<String> texts(String claim) {
    var value = claims.path(claim);
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .flatMap(name -> Json.text(name).stream())
            .toList()
        : Json.text(value).stream().toList();
  }

  /** The address that the provider vouches for, and its domain after an at sign. */
  List<String> verifiedEmails() {
    return Optional.of(claims.path(EMAIL))
        .filter(found -> Json.isTrue(claims.path("email_verified")))
        .map(found -> String.valueOf(found.textValue()))
        .filter(text -> text.length() <= MAX_ADDRESS && ADDRESS.matcher(text).matches())
        .stream()
        .flatMap(text -> Stream.of(text, text.substring(text.indexOf('@'))))
        .toList();
  }

  /**
   * Whether the provider left the groups out because they are too many.
   *
   * @see <a
   *     href="https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference">
   *     Entra, groups overage claim</a>
   */
  boolean hasTooManyGroups() {
    return !claims.hasNonNull("groups")
        && (claims.path("_claim_names").has("groups") || Json.isTrue(claims.path("hasgroups")));
  }

  /** Shows nothing of a person. */
  @Override
  public String toString() {
    return "Account[hidden]";
  }
}
