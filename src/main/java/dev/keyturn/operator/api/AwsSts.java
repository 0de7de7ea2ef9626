package dev.keyturn.operator.api;

import java.util.List;
import java.util.Optional;

/** What goes out is signed with short-lived keys of an AWS role. */
public record AwsSts(
    String region,
    Optional<String> service,
    Optional<String> fallbackRoleArn,
    List<RoleMapping> roleMappings,
    Optional<String> roleClaim,
    Optional<Integer> sessionDuration,
    Optional<String> sessionNameClaim,
    Optional<String> subjectProviderName) {
  public AwsSts {
    roleMappings = List.copyOf(roleMappings);
  }

  /** A role, and by which value of a claim or expression over claims one gets it. */
  public record RoleMapping(
      Optional<String> claim,
      Optional<String> matcher,
      String roleArn,
      Optional<Integer> priority) {}
}
