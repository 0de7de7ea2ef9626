package dev.keyturn.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.LastingServer;
import dev.keyturn.given.Spellings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever gets hold of the store's file holds no token that works. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StoreDumpIT {
  private static final List<String> TOKENS = List.of("access_token", "refresh_token", "id_token");

  @TempDir private Path folder;

  @Test
  void no_token_that_was_issued_or_received_lies_in_the_file() throws IOException {
    var secrets = new ArrayList<String>();
    try (var server = LastingServer.started(folder)) {
      var client = server.client();
      var handed = server.logIn(client);
      secrets.add(handed.handed("code"));
      secrets.add(server.logIn(client).handed("code")); // One that nobody has spent.
      var first = client.redeem(handed);
      var second = client.refresh(first.text("refresh_token"));
      client.call(second.text("access_token"));
      add(secrets, first.json());
      add(secrets, second.json());
      server.received().forEach(tokens -> add(secrets, tokens));
      server.kill();
      assertThat(secrets).hasSizeGreaterThan(8);
      var dump = dump(server.store());
      assertThat(dump).contains(client.id());
      assertThat(secrets).filteredOn(it -> Spellings.of(it).anyMatch(dump::contains)).isEmpty();
      server.start();
    }
  }

  private static void add(List<String> secrets, JsonObject tokens) {
    TOKENS.stream().filter(tokens::containsKey).map(tokens::getString).forEach(secrets::add);
  }

  private static String dump(Path store) throws IOException {
    try (var files = Files.list(store)) {
      var all = new StringBuilder();
      for (var file : files.toList()) {
        all.append(new String(Files.readAllBytes(file), ISO_8859_1));
      }
      return all.toString();
    }
  }
}
