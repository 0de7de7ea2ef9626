package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import dev.keyturn.upstream.Allow.Refused;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The lists of {@code allow}: by what each names accounts. */
enum AllowList {
  /** Tenants of Entra. */
  TENANTS(
      "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
      "must be the id of an Entra tenant, which is a GUID", true),

  /**
   * Organizations of Google. Never the end of an address: a personal account can have an address of
   * any domain.
   */
  HOSTED_DOMAINS("[^@\\s]+\\.[^@\\s]+", "must be a domain such as example.com", true),

  /** Accounts, as the provider names them. */
  SUBJECTS("\\P{Cntrl}+", "must be one line", false),

  /** Groups and roles that the provider puts into {@code groups}. */
  GROUPS("\\P{Cntrl}+", "must be one line", false),

  /** Addresses, and {@code @domain} for all of a domain. */
  EMAILS("[^@\\s]*@[^@\\s]+", "must be an address, or @ and a domain such as @example.com", true);

  private final Pattern entry;
  private final String complaint;
  private final boolean caseless;

  AllowList(String entry, String complaint, boolean caseless) {
    this.entry = Pattern.compile(entry);
    this.complaint = complaint;
    this.caseless = caseless;
  }

  String setting() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The entries; a list that is there and empty would quietly widen the rule. */
  Set<String> read(Settings allow) {
    if (allow.isEmpty(setting())) {
      allow.refuse(setting(), "must have an entry, or be left out");
    }
    var texts = allow.texts(setting(), text -> entry.matcher(text).matches(), complaint);
    return new LinkedHashSet<>(texts.stream().map(this::folded).toList());
  }

  /** Why {@code account} is not among {@code entries}; empty if it is. */
  Optional<Refused> refusal(Set<String> entries, Account account) {
    var found = names(account);
    if (found.stream().map(this::folded).anyMatch(entries::contains)) {
      return Optional.empty();
    }
    return Optional.of(new Refused(setting(), cause(found, account)));
  }

  private List<String> names(Account account) {
    return switch (this) {
      case TENANTS -> account.texts("tid");
      case HOSTED_DOMAINS -> account.texts("hd");
      case SUBJECTS -> List.of(account.subject());
      case GROUPS -> account.texts("groups");
      case EMAILS -> account.verifiedEmails();
    };
  }

  private String cause(List<String> found, Account account) {
    if (this == GROUPS && account.hasTooManyGroups()) {
      return "groups_overage"; // The provider names an address to ask instead: too many to list.
    }
    return found.isEmpty() ? "no_claim" : "not_listed";
  }

  /** Folds ASCII only: other letters would let look-alikes such as the Kelvin sign in. */
  private String folded(String text) {
    if (!caseless) {
      return text;
    }
    var folded = new StringBuilder(text);
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        folded.setCharAt(i, (char) (c + ('a' - 'A')));
      }
    }
    return folded.toString();
  }
}
