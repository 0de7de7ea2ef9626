package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SubjectTest {
  @Test
  void our_sub_is_the_published_vector() {
    assertThat(new Subject("https://accounts.google.com", "sub", "110169484474386276334").wire())
        .isEqualTo("u_s1-8q8xWLPcQbnNPF0xZxQnyx6fwpozJDAo8uD971jY");
  }

  @Test
  void lengths_are_those_of_utf_8() {
    assertThat(new Subject("https://id.example", "sub", "Jürgen").wire())
        .isEqualTo("u_cFVtlN8EQsgsGkyO_XG3zXlXBwR90BvAof7qPo7M7tI");
  }

  @Test
  void parts_cannot_be_cut_elsewhere() {
    assertThat(new Subject("https://a", "sub", "x").wire())
        .isNotEqualTo(new Subject("https://as", "ub", "x").wire());
  }
}
