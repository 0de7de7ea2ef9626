package dev.keyturn.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the operator is told of the servers, and how often. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConditionTest {
  private static final Address NODE = new Address("127.0.0.1", 6379);

  private final Logger logger = (Logger) LoggerFactory.getLogger(RedisStore.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Condition condition = new Condition((operation, outcome, took) -> {});
  private final Operation<?> read = new Operations("kt:", new SecureRandom()).get("code/1");
  private final Operation<?> change = new Operations("kt:", new SecureRandom()).take("code/1");

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  private void met(Trouble... troubles) {
    for (var trouble : troubles) {
      condition.met(TroubleException.refused(trouble, NODE), change);
    }
  }

  private List<Object> told() {
    return log.list.stream()
        .flatMap(event -> event.getKeyValuePairs().stream())
        .filter(pair -> pair.key.equals("reason"))
        .map(pair -> pair.value)
        .toList();
  }

  @Test
  void a_server_on_its_way_down_is_told_once() {
    met(Trouble.TIMEOUT, Trouble.AWAY, Trouble.AWAY, Trouble.LOADING);
    assertThat(told()).containsExactly("timeout");
  }

  @Test
  void one_that_comes_back_with_another_certificate_is_told_again() {
    met(Trouble.AWAY, Trouble.UNTRUSTED, Trouble.UNTRUSTED);
    assertThat(told()).containsExactly("away", "untrusted");
  }

  @Test
  void a_right_that_is_missing_is_told_once_whatever_else_goes_on() {
    met(Trouble.FORBIDDEN);
    condition.fine(NODE, read);
    met(Trouble.FORBIDDEN);
    assertThat(told()).containsExactly("forbidden");
  }

  @Test
  void what_is_wrong_with_one_key_says_nothing_about_the_server() {
    met(Trouble.FOREIGN);
    assertThat(told()).isEmpty();
    assertThat(condition.troubles()).isEmpty();
  }
}
