package dev.keyturn.gateway;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, paused until somebody reads it, that fails with 413 at the first byte too
 * many.
 */
final class BoundedBody implements ReadStream<Buffer> {
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private final HttpServerRequest request;
  private final long limit;
  private long received;
  private @Nullable Handler<Throwable> failed;

  BoundedBody(HttpServerRequest request, long limit) {
    this.request = request;
    this.limit = limit;
    request.pause();
  }

  /** Refuses a body whose declared length is too large, before a byte of it is read. */
  void requireFittingLength() {
    var length = request.getHeader("Content-Length");
    if (length != null && (!LENGTH.matcher(length).matches() || Long.parseLong(length) > limit)) {
      throw tooLarge();
    }
  }

  /**
   * Lets the rest run to nowhere, so that the connection can be used again; a client that has more
   * than a whole body left to say loses it.
   */
  void discard() {
    if (request.isEnded()) {
      return;
    }
    received = 0;
    request.handler(
        chunk -> {
          received += chunk.length();
          if (received > limit) {
            request.connection().close();
          }
        });
    request.resume();
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
    request.handler(handler == null ? null : chunk -> pass(chunk, handler));
    return this;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    failed = handler;
    request.exceptionHandler(handler);
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
    request.endHandler(handler);
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    request.pause();
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    request.resume();
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    request.fetch(amount);
    return this;
  }

  private void pass(Buffer chunk, Handler<Buffer> handler) {
    received += chunk.length();
    if (received <= limit) {
      handler.handle(chunk);
    } else if (failed != null) {
      failed.handle(tooLarge());
    }
  }

  private OAuthException tooLarge() {
    var refusal = INVALID_REQUEST.because("the body is larger than " + limit + " bytes");
    return new OAuthException(refusal.error().withStatus(413));
  }
}
