package dev.keyturn.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.operator.Definitions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CrdCommandTest {
  @Test
  void it_prints_the_definitions_and_nothing_else() {
    var run = GivenCommand.run("crd");
    assertThat(run.out()).isEqualTo(Definitions.yaml());
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
  }

  @Test
  void a_word_too_many_is_refused() {
    assertThat(GivenCommand.run("crd", "all").exit()).isEqualTo(2);
  }
}
