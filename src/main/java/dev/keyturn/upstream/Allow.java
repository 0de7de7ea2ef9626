package dev.keyturn.upstream;

import dev.keyturn.config.Settings;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who may log in at an upstream: the lists that an account must be on, and what must be true of it.
 *
 * <p>Each list that is given must name the account; within a list one entry is enough. No list at
 * all is {@code anyone}, which an operator says, or is warned about where anybody can have an
 * account.
 *
 * @param cel an expression that must be true besides
 */
record Allow(Map<AllowList, Set<String>> lists, Optional<AllowExpression> cel) {
  /** Everybody whom the provider vouches for. */
  static final Allow ANYONE = new Allow(Map.of(), Optional.empty());

  private static final String FIELD = "allow";
  private static final String NOBODY =
      "names nobody: write anyone, or a mapping with at least one of tenants, hosted_domains,"
          + " subjects, groups, emails, cel";

  Allow {
    lists = Map.copyOf(lists);
  }

  /**
   * Reads {@code allow} of an entry of {@code upstreams}.
   *
   * @param provider where people log in; a provider of everybody's accounts is worth a warning
   * @param names whether the provider names people at all, so that there is something to judge
   */
  static Allow from(Settings entry, URI provider, boolean names) {
    if (entry.isEmpty(FIELD)) {
      entry.refuse(FIELD, NOBODY);
      return ANYONE; // The finding keeps any record from being made of it.
    }
    if (!entry.has(FIELD)) {
      warnOfStrangers(entry, provider);
      return ANYONE;
    }
    if (entry.isText(FIELD)) {
      entry.word(FIELD, "anyone", Set.of("anyone"));
      return ANYONE;
    }
    if (!names) {
      entry.refuse(
          FIELD, "cannot be judged: without userinfo or identity_from_token nobody is named");
    }
    return read(entry, entry.child(FIELD));
  }

  /** Why {@code account} may not log in; empty if it may. */
  Optional<Refused> refusal(Account account) {
    return Stream.of(AllowList.values())
        .filter(lists::containsKey)
        .flatMap(list -> list.refusal(lists.getOrDefault(list, Set.of()), account).stream())
        .findFirst()
        .or(() -> cel.flatMap(expression -> expression.refusal(account.claims())));
  }

  boolean isAnyone() {
    return lists.isEmpty() && cel.isEmpty();
  }

  /**
   * What an account failed, told in names of settings and never in values of claims.
   *
   * @param setting the part of {@code allow}
   * @param cause a word for the log
   */
  record Refused(String setting, String cause) {}

  private static Allow read(Settings entry, Settings allow) {
    var lists = new EnumMap<AllowList, Set<String>>(AllowList.class);
    for (var list : AllowList.values()) {
      var entries = list.read(allow);
      if (!entries.isEmpty()) {
        lists.put(list, entries);
      }
    }
    var cel = AllowExpression.read(allow);
    var read = new Allow(lists, cel);
    if (read.isAnyone() && entry.findings().errors().isEmpty()) {
      entry.refuse(FIELD, NOBODY);
    }
    return read;
  }

  private static void warnOfStrangers(Settings entry, URI provider) {
    if (MultiTenant.isAt(provider)) {
      entry
          .findings()
          .warn(
              entry.name(FIELD),
              "is missing: anybody in the world with an account at this provider may log in; name"
                  + " who may, or write allow: anyone if that is meant");
    }
  }
}
