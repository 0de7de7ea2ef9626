package dev.keyturn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PackagesTest {
  private static final PackageRules RULES = new PackageRules("dev.keyturn");
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.keyturn");

  @Test
  void a_package_uses_only_earlier_rows() {
    RULES.earlierRowsOnly().check(MAIN);
  }

  @Test
  void there_is_no_ring_of_packages() {
    RULES.noRings().check(MAIN);
  }

  @Test
  void the_played_identity_provider_and_mcp_server_are_for_the_demonstration() {
    RULES.rolesForTheDemonstrationOnly().check(MAIN);
  }

  @Test
  void the_embeddable_core_is_free_of_optional_libraries() {
    RULES.coreWithoutOptionalLibraries().check(MAIN);
  }

  @Test
  void the_embeddable_core_leaves_the_JVM_as_it_is() {
    RULES.coreChangesNoJvm().check(MAIN);
  }

  @Test
  void the_classes_that_are_judged_are_ours() {
    assertThat(MAIN.contain("dev.keyturn.oauth.ErrorCode")).isTrue();
  }

  @Test
  void every_package_says_what_it_owns() throws IOException {
    try (var files = Files.walk(Path.of("src/main/java/dev/keyturn"))) {
      var silent =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .filter(folder -> !saysWhatItOwns(folder.resolve("package-info.java")))
              .toList();
      assertThat(silent).isEmpty();
    }
  }

  private static boolean saysWhatItOwns(Path info) {
    try {
      return Files.exists(info)
          && Files.readString(info).contains("/**")
          && Files.readString(info).contains("@NullMarked");
    } catch (IOException e) {
      return false;
    }
  }

  /** The rules themselves, on classes that break them on purpose. */
  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_planted_import {
    private final PackageRules rules = new PackageRules("dev.keyturn.planted");
    private final JavaClasses planted =
        new ClassFileImporter().importPackages("dev.keyturn.planted");

    @Test
    void of_a_later_row_is_found() {
      assertThat(findings(rules.earlierRowsOnly()))
          .anyMatch(
              finding -> finding.contains("oauth.Upward") && finding.contains("grant.Target"));
    }

    @Test
    void of_a_neighbour_in_the_same_row_is_found() {
      assertThat(findings(rules.earlierRowsOnly()))
          .anyMatch(
              finding ->
                  finding.contains("upstream.Sideways") && finding.contains("client.Neighbour"));
    }

    @Test
    void in_a_package_that_no_row_lists_is_found() {
      assertThat(findings(rules.earlierRowsOnly()))
          .anyMatch(finding -> finding.contains("unlisted.Homeless"));
    }

    @Test
    void is_all_that_is_found() {
      var guilty = List.of("oauth.Upward", "upstream.Sideways", "unlisted.Homeless");
      assertThat(findings(rules.earlierRowsOnly()))
          .allMatch(finding -> guilty.stream().anyMatch(finding::contains));
    }

    @Test
    void that_closes_a_ring_is_found() {
      assertThat(findings(rules.noRings()))
          .anyMatch(finding -> finding.contains("http.a") && finding.contains("http.b"));
    }

    @Test
    void of_a_played_role_outside_the_demonstration_is_found() {
      assertThat(findings(rules.rolesForTheDemonstrationOnly()))
          .isNotEmpty()
          .allMatch(finding -> finding.contains("app.Shortcut"));
    }

    @Test
    void of_an_optional_library_in_the_core_is_found() {
      assertThat(findings(rules.coreWithoutOptionalLibraries()))
          .isNotEmpty()
          .allMatch(finding -> finding.contains("store.Operated"));
    }

    @Test
    void that_is_no_import_but_changes_the_JVM_is_found() {
      assertThat(findings(rules.coreChangesNoJvm()))
          .isNotEmpty()
          .allMatch(finding -> finding.contains("store.Operated"));
    }

    @Test
    void is_needed_for_a_finding() {
      var innocent = new ClassFileImporter().importPackages("dev.keyturn.planted.grant");
      assertThatCode(() -> rules.earlierRowsOnly().check(innocent)).doesNotThrowAnyException();
    }

    private List<String> findings(ArchRule rule) {
      return rule.evaluate(planted).getFailureReport().getDetails();
    }
  }
}
