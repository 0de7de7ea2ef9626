package dev.keyturn.operator.admission;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** The body of a request, up to a length. */
final class BoundedBody {
  private BoundedBody() {}

  /**
   * The whole body; a longer one fails with {@link TooLong} at the first byte too many, and one for
   * which there is no room with {@link NoRoom}.
   */
  static Future<byte[]> of(HttpServerRequest request, int most, Room.Share share) {
    var body = Buffer.buffer();
    var whole = Promise.<byte[]>promise();
    request
        .handler(
            chunk -> {
              if (body.length() + chunk.length() > most) {
                request.handler(ignored -> {});
                whole.tryFail(new TooLong());
              } else if (!share.takes(chunk.length())) {
                request.handler(ignored -> {});
                whole.tryFail(new NoRoom());
              } else {
                body.appendBuffer(chunk);
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(end -> whole.tryComplete(body.getBytes()));
    return whole.future();
  }

  /** There is more of it than is read. */
  static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLong() {
      super("the body is too long", null, false, false);
    }
  }

  /** Others take too much at this moment. */
  static final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NoRoom() {
      super("there is no room for the body", null, false, false);
    }
  }
}
