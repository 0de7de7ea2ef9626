package dev.keyturn.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;

/**
 * A request's body, held back so that it can be sent twice; of a long one only the beginning.
 *
 * @param start what was read of it
 * @param whole whether that is all
 */
record HeldBody(Buffer start, boolean whole) {
  /** 64 KiB. */
  static final int MOST = 64 * 1024;

  /** Nothing is held: the body goes as it comes. */
  static final HeldBody NONE = new HeldBody(Buffer.buffer(), false);

  /** Reads the body as long as it fits. */
  static Future<HeldBody> of(HttpServerRequest request, BoundedBody body) {
    if (request.isEnded()) {
      return Future.succeededFuture(new HeldBody(Buffer.buffer(), true));
    }
    var read = Promise.<HeldBody>promise();
    var start = Buffer.buffer();
    body.exceptionHandler(read::tryFail)
        .endHandler(end -> read.tryComplete(new HeldBody(start, true)))
        .handler(
            chunk -> {
              start.appendBuffer(chunk);
              if (start.length() > MOST) {
                body.pause();
                read.tryComplete(new HeldBody(start, false));
              }
            })
        .resume();
    return read.future();
  }

  /** Sends it, and what there is still to come; the future is that of the latter. */
  Future<Void> to(HttpClientRequest outgoing, BoundedBody rest) {
    if (whole) {
      return start.length() == 0 ? outgoing.end() : outgoing.end(start);
    }
    if (start.length() > 0) {
      outgoing.write(start);
    }
    return rest.pipe().endOnFailure(false).to(outgoing);
  }

  /** Shows nothing of it. */
  @Override
  public String toString() {
    return "HeldBody[" + start.length() + " bytes]";
  }
}
