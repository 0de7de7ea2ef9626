package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules that {@code docs/login-rules.md} shows. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LoginRulesTest {
  private static final URI PROVIDER = URI.create("https://github.com/login/oauth/access_token");
  private static final Pattern YAML = Pattern.compile("```yaml\n(allow:.*?)```", Pattern.DOTALL);

  static List<String> examples() {
    try {
      return YAML.matcher(Files.readString(Path.of("docs/login-rules.md")))
          .results()
          .map(example -> example.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void there_are_examples() {
    assertThat(examples()).hasSizeGreaterThan(4);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void an_example_is_a_rule_without_a_finding(String example) {
    var findings = new Findings();
    var entry = Settings.parse(example, Path.of(""), findings);
    var rule = Allow.from(entry, PROVIDER, true);
    entry.refuseUnknown();
    assertThat(findings.all()).isEmpty();
    assertThat(rule.isAnyone()).isFalse();
  }
}
