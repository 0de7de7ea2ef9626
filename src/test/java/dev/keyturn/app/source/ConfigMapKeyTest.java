package dev.keyturn.app.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigMapKeyTest {
  private static final String FORM =
      "write kubernetes:configmap/NAMESPACE/NAME/KEY, such as"
          + " kubernetes:configmap/mcp/keyturn/config.yaml";

  @Test
  void has_namespace_name_and_key() {
    assertThat(ConfigMapKey.parse("kubernetes:configmap/mcp/keyturn.x/config_1.yaml"))
        .isEqualTo(new ConfigMapKey("mcp", "keyturn.x", "config_1.yaml"));
  }

  @Test
  void is_spelled_as_it_was_read() {
    assertThat(ConfigMapKey.parse("kubernetes:configmap/a/b/c"))
        .hasToString("kubernetes:configmap/a/b/c");
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes:configmap/a/b/c,true",
    "kubernetes:x,true",
    "keyturn.yaml,false",
    "./kubernetes:x,false"
  })
  void is_told_from_a_file_by_its_scheme(String spelling, boolean meant) {
    assertThat(ConfigMapKey.isMeantBy(spelling)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kubernetes:",
        "kubernetes:configmap",
        "kubernetes:configmap/",
        "kubernetes:configmap/a/b",
        "kubernetes:configmap/a/b/c/d",
        "kubernetes:configmap/a/b/",
        "kubernetes:configmap//b/c",
        "kubernetes:configmaps/a/b/c",
        "kubernetes:ConfigMap/a/b/c",
        "kubernetes://configmap/a/b/c"
      })
  void another_form_is_refused_with_the_right_one(String spelling) {
    refuses(spelling, FORM);
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes:configmap/A/b/c,'A' is no NAMESPACE",
    "kubernetes:configmap/a.b/b/c,'a.b' is no NAMESPACE",
    "kubernetes:configmap/-a/b/c,'-a' is no NAMESPACE",
    "kubernetes:configmap/a/../c,'..' is no NAME",
    "kubernetes:configmap/a/b?x=1/c,'b?x=1' is no NAME",
    "kubernetes:configmap/a/b%2f/c,'b%2f' is no NAME",
    "kubernetes:configmap/a/b/..,'..' is no KEY",
    "kubernetes:configmap/a/b/c d,'c d' is no KEY"
  })
  void a_part_that_kubernetes_would_not_take_is_refused(String spelling, String words) {
    refuses(spelling, words);
  }

  @Test
  void a_secret_is_refused_with_the_reason() {
    refuses("kubernetes:secret/a/b/c", "Secrets are mounted as files");
  }

  private static void refuses(String spelling, String words) {
    assertThatThrownBy(() -> ConfigMapKey.parse(spelling))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }
}
