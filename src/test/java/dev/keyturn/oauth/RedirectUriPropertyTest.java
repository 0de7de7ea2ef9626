package dev.keyturn.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What holds for every text: 100 000 of them, and each bent a little. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RedirectUriPropertyTest {
  private static final int TEXTS = 100_000;

  private static Stream<RedirectUri> accepted(Random random) {
    return Stream.generate(() -> RedirectUriTexts.one(random))
        .limit(TEXTS)
        .filter(text -> RedirectUri.complaintAbout(text, RedirectUri.EDITOR_SCHEMES).isEmpty())
        .map(RedirectUri::new);
  }

  @Test
  void whatever_may_be_registered_admits_itself() {
    assertThat(accepted(new Random(1)).filter(uri -> !uri.admits(uri.value()))).isEmpty();
  }

  @Test
  void nothing_but_loopback_admits_anything_but_itself() {
    var random = new Random(2);
    assertThat(
            accepted(random)
                .filter(uri -> !uri.isLoopbackHttp())
                .map(uri -> List.of(uri.value(), RedirectUriTexts.bent(uri.value(), random)))
                .filter(pair -> !pair.get(0).equals(pair.get(1)))
                .filter(pair -> new RedirectUri(pair.get(0)).admits(pair.get(1))))
        .isEmpty();
  }

  @Test
  void what_loopback_admits_differs_in_its_port_alone() {
    var random = new Random(3);
    var others = new ArrayList<String>();
    accepted(random)
        .filter(RedirectUri::isLoopbackHttp)
        .flatMap(
            uri ->
                Stream.generate(() -> RedirectUriTexts.bent(uri.value(), random))
                    .limit(100)
                    .filter(bent -> !bent.equals(uri.value()) && uri.admits(bent))
                    .map(bent -> List.of(uri.value(), bent)))
        .forEach(
            pair -> {
              others.add(pair.get(1));
              var one = URI.create(pair.get(0));
              var other = URI.create(pair.get(1));
              assertThat(other.getScheme()).as(pair.toString()).isEqualToIgnoringCase("http");
              assertThat(other.getHost()).as(pair.toString()).isEqualTo(one.getHost());
              assertThat(other.getRawUserInfo()).as(pair.toString()).isNull();
              assertThat(other.getRawPath()).as(pair.toString()).isEqualTo(one.getRawPath());
              assertThat(other.getRawQuery()).as(pair.toString()).isEqualTo(one.getRawQuery());
              assertThat(other.getRawFragment()).as(pair.toString()).isNull();
            });
    assertThat(others).as("so that this test says something").hasSizeGreaterThan(200);
  }

  @Test
  void what_is_admitted_could_itself_be_registered() {
    var random = new Random(4);
    assertThat(
            accepted(random)
                .flatMap(
                    uri ->
                        Stream.generate(() -> RedirectUriTexts.bent(uri.value(), random))
                            .limit(5)
                            .filter(uri::admits))
                .filter(
                    text ->
                        !RedirectUri.complaintAbout(text, RedirectUri.EDITOR_SCHEMES).isEmpty()))
        .isEmpty();
  }

  @Test
  void http_is_for_this_machine_only() {
    assertThat(
            accepted(new Random(5))
                .filter(RedirectUri::isLoopbackHttp)
                .map(uri -> URI.create(uri.value()).getHost().toLowerCase(Locale.ROOT))
                .distinct())
        .containsExactlyInAnyOrder("localhost", "127.0.0.1", "[::1]");
  }

  @Test
  void its_destination_is_what_another_parser_finds() {
    assertThat(
            accepted(new Random(6))
                .filter(uri -> !uri.isPrivateUse())
                .filter(
                    uri ->
                        !Objects.equals(
                            uri.destination(), URI.create(uri.value()).getRawAuthority())))
        .isEmpty();
  }
}
