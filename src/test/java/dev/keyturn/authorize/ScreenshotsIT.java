package dev.keyturn.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Node;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/**
 * Takes the pictures of {@code docs/pages.md}. After a change of a page run {@code mvn verify
 * -Dit.test=ScreenshotsIT -Dkeyturn.write=true} and look at them; else they are left in {@code
 * target/screenshots}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScreenshotsIT {
  @Test
  void every_page_is_taken_light_dark_and_narrow() {
    Node.required("playwright-core");
    var folder = Boolean.getBoolean("keyturn.write") ? "docs/screenshots" : "target/screenshots";
    try (var pages = GivenPages.of(GivenPages.STRANGER)) {
      var addresses =
          GivenPages.paths().stream()
              .map(path -> pages.url(path) + "?ui_locales=en")
              .collect(Collectors.joining(","));
      var said =
          Node.run(
              "shots.mjs",
              "--pages",
              addresses,
              "--to",
              Path.of(folder).toAbsolutePath().toString(),
              "--chromium",
              Node.chromium().toString());
      assertThat(said).last().asString().contains("\"done\"");
    }
  }
}
