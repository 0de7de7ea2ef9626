package dev.keyturn.bus;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.oauth.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BusTest {
  private static final Address<String, Integer> LENGTH = new Address<>("text.length");
  private static final Topic<List<String>> NEWS = new Topic<>("text.changed");
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  @Test
  void an_address_answers() {
    LENGTH.answer(vertx, text -> Future.succeededFuture(text.length()));
    assertThat(done(LENGTH.ask(vertx, "four"))).isEqualTo(4);
  }

  @Test
  void messages_are_handed_over_by_reference() {
    var mine = new Object();
    var same = new Address<Object, Object>("object.same");
    same.answer(vertx, Future::succeededFuture);
    assertThat(done(same.ask(vertx, mine))).isSameAs(mine);
  }

  @Test
  void a_failure_arrives_as_the_exception_that_it_was() {
    var refusal = ErrorCode.INVALID_GRANT.because("no");
    LENGTH.answer(vertx, text -> Future.failedFuture(refusal));
    assertThat(failed(LENGTH.ask(vertx, "x"))).isSameAs(refusal);
  }

  @Test
  void what_is_thrown_arrives_too() {
    var mistake = new IllegalStateException("x");
    LENGTH.answer(
        vertx,
        text -> {
          throw mistake;
        });
    assertThat(failed(LENGTH.ask(vertx, "x"))).isSameAs(mistake);
  }

  @Test
  void that_nobody_answers_is_silence() {
    assertThat(Address.isSilence(failed(LENGTH.ask(vertx, "x")))).isTrue();
  }

  @Test
  void a_refusal_is_no_silence() {
    assertThat(Address.isSilence(ErrorCode.INVALID_GRANT.because("no"))).isFalse();
  }

  @Test
  void whoever_listens_hears_the_news() {
    var heard = Promise.<List<String>>promise();
    NEWS.listen(vertx, heard::complete);
    NEWS.announce(vertx, List.of("a"));
    assertThat(done(heard.future())).containsExactly("a");
  }

  @Test
  void nobody_has_to_listen() {
    NEWS.announce(vertx, List.of("a"));
    LENGTH.answer(vertx, text -> Future.succeededFuture(1));
    assertThat(done(LENGTH.ask(vertx, "x"))).isEqualTo(1);
  }

  @Test
  void a_second_keyturn_shares_the_vertx() {
    LocalCodec.register(vertx);
    LocalCodec.register(vertx);
    LENGTH.answer(vertx, text -> Future.succeededFuture(1));
    assertThat(done(LENGTH.ask(vertx, "x"))).isEqualTo(1);
  }

  @Test
  void nothing_leaves_the_process() throws ReflectiveOperationException {
    var made = LocalCodec.class.getDeclaredConstructor();
    made.setAccessible(true);
    var codec = made.newInstance();
    assertThatThrownBy(() -> codec.encodeToWire(Buffer.buffer(), "x"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> codec.decodeFromWire(0, Buffer.buffer()))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void messages_are_sent_locally_only() {
    assertThat(LocalCodec.options().isLocalOnly()).isTrue();
  }
}
