package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SigningClient;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.store.MemoryStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KeptDocumentsTest {
  private static final String URL = "https://client.example/c.json";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SESSION = Duration.ofHours(10);

  /** How long a document is there that is never written again. */
  private static final Duration LIFE = SESSION.plus(HOUR).plus(DAY);

  private static final ClientDocument DOCUMENT = named("Editor", Optional.empty());

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 100);
  private final KeptDocuments documents = replica();

  private KeptDocuments replica() {
    return new KeptDocuments(store, clock, SESSION);
  }

  private static ClientDocument named(String name, Optional<ClientKeys> keys) {
    return new ClientDocument(
        URL,
        new ClientName(name, Map.of("fr", "L’" + name)),
        List.of(new RedirectUri("https://client.example/cb")),
        Set.of(Client.AUTHORIZATION_CODE),
        keys,
        new LogoutUris(
            List.of("https://client.example/bye"),
            Optional.of(URI.create("https://client.example/told"))));
  }

  private static ClientDocument signing() {
    var keys = PublicKeys.parse(SigningClient.jwks(SigningClient.newKey()).toBuffer());
    return named("Editor", Optional.of(ClientKeys.listed(keys, Optional.of("ES256"))));
  }

  private void keep(ClientDocument document) {
    done(documents.keep(document));
  }

  private Optional<ClientDocument> found() {
    return done(documents.find(URL, Method.NONE));
  }

  private Optional<ClientDocument> foundLost() {
    return done(documents.findLost(URL, Method.NONE));
  }

  @Nested
  class One_that_was_kept {
    @BeforeEach
    void keepIt() {
      keep(DOCUMENT);
    }

    @Test
    void is_found_as_it_was() {
      assertThat(found()).contains(DOCUMENT);
    }

    @Test
    void is_found_by_every_replica() {
      assertThat(done(replica().find(URL, Method.NONE))).contains(DOCUMENT);
    }

    @Test
    void is_not_found_by_another_method() {
      assertThat(done(documents.find(URL, Method.PRIVATE_KEY_JWT))).isEmpty();
    }

    @Test
    void is_not_found_by_another_url() {
      assertThat(done(documents.find(URL + "x", Method.NONE))).isEmpty();
    }

    @Test
    void is_there_until_the_last_session_and_its_grace_have_ended() {
      clock.forward(LIFE.minus(SECOND));
      assertThat(found()).contains(DOCUMENT);
    }

    @Test
    void is_not_there_any_more_then() {
      clock.forward(LIFE);
      assertThat(found()).isEmpty();
    }

    @Test
    void is_not_written_again_within_the_hour() {
      clock.forward(HOUR.minus(SECOND));
      keep(DOCUMENT);
      clock.forward(LIFE.minus(HOUR).plus(SECOND));
      assertThat(found()).isEmpty();
    }

    @Test
    void is_written_again_after_an_hour() {
      clock.forward(HOUR);
      keep(DOCUMENT);
      clock.forward(LIFE.minus(SECOND));
      assertThat(found()).contains(DOCUMENT);
    }

    @Test
    void is_written_again_at_once_if_it_has_changed() {
      var changed = named("Viewer", Optional.empty());
      keep(changed);
      assertThat(found()).contains(changed);
    }

    @Test
    void stays_beside_one_of_the_same_url_that_signs() {
      keep(signing());
      assertThat(found()).contains(DOCUMENT);
    }
  }

  @Test
  void one_that_signs_is_found_with_its_keys() {
    var signing = signing();
    keep(signing);
    assertThat(done(documents.find(URL, Method.PRIVATE_KEY_JWT))).contains(signing);
  }

  @Test
  void nobody_finds_one_that_was_never_kept() {
    assertThat(found()).isEmpty();
  }

  @Test
  void nobody_finds_a_lost_one_that_was_never_kept() {
    assertThat(foundLost()).isEmpty();
  }

  @Test
  void looking_for_a_lost_one_keeps_nothing() {
    foundLost();
    assertThat(store.size()).isZero();
  }

  @Nested
  class One_that_is_lost {
    @BeforeEach
    void loseIt() {
      keep(DOCUMENT);
      foundLost();
    }

    @Test
    void is_good_for_a_day() {
      clock.forward(DAY.minus(SECOND));
      assertThat(foundLost()).contains(DOCUMENT);
    }

    @Test
    void is_good_no_more_after_a_day() {
      clock.forward(DAY);
      assertThat(foundLost()).isEmpty();
    }

    @Test
    void is_good_no_longer_for_being_looked_for() {
      clock.forward(DAY.minus(SECOND));
      foundLost();
      clock.forward(SECOND);
      assertThat(foundLost()).isEmpty();
    }

    @Test
    void is_lost_since_the_same_time_at_every_replica() {
      clock.forward(DAY);
      assertThat(done(replica().findLost(URL, Method.NONE))).isEmpty();
    }

    @Test
    void is_good_for_a_whole_day_again_once_it_was_back() {
      keep(DOCUMENT);
      clock.forward(DAY);
      assertThat(foundLost()).contains(DOCUMENT);
    }

    @Test
    void is_still_found_by_whoever_cannot_tell_that_it_is_lost() {
      clock.forward(DAY);
      assertThat(found()).contains(DOCUMENT);
    }
  }
}
