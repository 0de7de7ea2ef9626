package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplyTest {
  @Test
  void shows_nothing_that_it_carries() {
    var reply =
        Reply.json(200, new JsonObject().put("access_token", "t0ken"))
            .with("Location", "https://a.example/cb?code=c0de")
            .with("Set-Cookie", "a=c00kie");
    assertThat(reply).hasToString("Reply[200]");
  }
}
