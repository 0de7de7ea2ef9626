package dev.keyturn.store;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RepositoryTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private final MemoryStore store = new MemoryStore(new SettableClock(), 100);
  private final Repository<String> words = repository("word");

  private Repository<String> repository(String kind) {
    return new Repository<>(
        store, kind, word -> new JsonObject().put("word", word), json -> json.getString("word"));
  }

  @Test
  void gives_back_what_it_was_given() {
    done(words.put("1", "hello", MINUTE));
    assertThat(done(words.get("1"))).map(Versioned::value).contains("hello");
  }

  @Test
  void kinds_do_not_meet() {
    done(words.put("1", "hello", MINUTE));
    assertThat(done(repository("verb").get("1"))).isEmpty();
  }

  @Test
  void replaces_the_version_that_was_read() {
    done(words.put("1", "hello", MINUTE));
    var version = done(words.get("1")).orElseThrow().version();
    assertThat(done(words.replace("1", version, "bye", MINUTE))).isTrue();
    assertThat(done(words.take("1"))).contains("bye");
  }

  @Test
  void deletes_the_version_that_was_read() {
    done(words.put("1", "hello", MINUTE));
    assertThat(done(words.delete("1", done(words.get("1")).orElseThrow().version()))).isTrue();
  }

  @Test
  void refuses_a_value_of_a_newer_version() {
    done(store.put("word/1", Buffer.buffer(new byte[] {2, '{', '}'}), MINUTE));
    assertThat(failed(words.get("1")))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("an entry of kind word was written by another version of Keyturn");
  }

  @Test
  void refuses_an_empty_value() {
    done(store.put("word/1", Buffer.buffer(), MINUTE));
    assertThat(failed(words.take("1"))).isInstanceOf(UnavailableException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"word\":\"hel", "[]", "hello", ""})
  void refuses_a_damaged_value_and_does_not_quote_it(String json) {
    done(store.put("word/1", Buffer.buffer().appendByte((byte) 1).appendString(json), MINUTE));
    assertThat(failed(words.get("1")))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("an entry of kind word is damaged");
  }
}
