package dev.keyturn.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * The rules of the definitions and those of the configuration are one set: a random manifest that
 * one of them refuses is refused by the other, at the same field. What only one of them can see is
 * listed here.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OneSetOfRulesTest {
  private static final int FIRST = 10_000;
  private static final int COUNT = 600;

  /** What a configuration does not know, or reads as left out, or never looks at. */
  private static final List<String> ONLY_DEFINITIONS =
      List.of(
          // Shapes of the resource itself.
          ".*in body should .*",
          ".*Duplicate value: .*",
          ".* is missing: .* needs it",
          ".* does not go with .*",
          ".* names one entry twice.*",
          ".*one of them(: .*)?",
          ".*grantTypes must hold authorization_code",
          // The address that is made of it is told instead.
          ".*sentinelService\\.namespace: .*",
          // Names of other resources, and what no server of ours reads.
          ".*(name|key) must be that of .*",
          "spec\\.(route|image|mcpPath|mcpPort|env|resources).*",
          ".*size must be a quantity.*",
          "spec: authServerRef is missing.*",
          // Whatever is blank is left out there, and user information in an endpoint is no matter.
          ".*(redirectUri|endpointUrl|[a-z]+Endpoint) must be an absolute URL.*",
          ".*Path must be names and numbers between dots.*",
          // A warning there.
          ".*caCertSecretRef has no effect with insecureSkipVerify.*",
          // What is not built yet, and so judged by the definition first.
          ".*allowedResources\\[[0-9]+\\]: an audience must be .*",
          ".*primaryUpstreamProvider names none of upstreamProviders",
          ".*baselineClientScopes must be among scopesSupported",
          ".*allowedDelegateClients is missing.*");

  /** What one resource does not show by itself, and what follows from another mistake. */
  private static final List<String> ONLY_CONFIGURATION =
      List.of(
          // Other resources and the content of Secrets.
          ".*is not among the (allowed audiences|supported scopes)",
          ".* names /etc/keyturn/(secrets|configmaps)/.*",
          // The callback below a wrong issuer; the URL of an image with a wrong port or path.
          ".*redirectUri: must be an absolute URL.*",
          ".*sentinelAddrs\\[[0-9]+\\]: must be a host and a port.*",
          // Only what compiles an expression sees that it is none.
          ".*(askIf|cel): line [0-9]+, column [0-9]+.*",
          "spec\\.image: must be an absolute URL.*",
          // What no provider would take for a statement.
          ".*dcrConfig\\.softwareStatement: must be a signed JWT.*",
          // A list of names of another list.
          ".*consent\\.trustedClients\\[.*\\]: must be among clients.*");

  private final SchemaVerdicts verdicts = new SchemaVerdicts();
  private final ConfigurationVerdicts configuration = new ConfigurationVerdicts();

  @Test
  void what_a_definition_refuses_a_configuration_refuses() {
    assertThat(differences(true)).isEmpty();
  }

  @Test
  void what_a_configuration_refuses_a_definition_refuses() {
    assertThat(differences(false)).isEmpty();
  }

  @Test
  void both_refuse_something() {
    var refused =
        IntStream.range(FIRST, FIRST + 100)
            .mapToObj(RandomManifests::manifest)
            .filter(configuration::knows)
            .filter(manifest -> verdicts.complaints(manifest).stream().noneMatch(Complaint::blocks))
            .toList();
    assertThat(refused).anyMatch(manifest -> !verdicts.complaints(manifest).isEmpty());
    assertThat(refused)
        .anyMatch(manifest -> !configuration.complaints(verdicts.filledIn(manifest)).isEmpty());
  }

  private List<String> differences(boolean ofDefinitions) {
    var differences = new ArrayList<String>();
    for (int number = FIRST; number < FIRST + COUNT; number++) {
      var manifest = RandomManifests.manifest(number);
      var first = verdicts.complaints(manifest);
      if (configuration.knows(manifest) && first.stream().noneMatch(Complaint::blocks)) {
        var second = configuration.complaints(verdicts.filledIn(manifest));
        differences.addAll(
            ofDefinitions
                ? missing(number, first, second, ONLY_DEFINITIONS)
                : missing(number, second, first, ONLY_CONFIGURATION));
      }
    }
    return differences;
  }

  private static List<String> missing(
      int number, List<Complaint> here, List<Complaint> there, List<String> only) {
    return here.stream()
        .filter(complaint -> only.stream().noneMatch(complaint.text()::matches))
        .filter(complaint -> there.stream().noneMatch(other -> isAbout(other, complaint)))
        .map(complaint -> number + " " + complaint.text())
        .toList();
  }

  /** A list is wrong if one of its entries is. */
  private static boolean isAbout(Complaint one, Complaint other) {
    return one.field().startsWith(other.field()) || other.field().startsWith(one.field());
  }
}
