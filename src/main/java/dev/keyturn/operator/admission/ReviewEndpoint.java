package dev.keyturn.operator.admission;

import dev.keyturn.config.GoDuration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /validate}: reads a review within bounds, and answers it in time.
 *
 * <p>The API server waits five seconds, and what it says after that helps nobody. So we give up
 * before, and say why. Belongs to one event loop.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/">Dynamic
 *     admission control</a>
 */
final class ReviewEndpoint {
  static final String PATH = "/validate";

  /** The API server takes no larger request either. */
  static final int MAX_BODY = 3 * 1024 * 1024;

  /** How much of the time that the API server has is ours, in percent. */
  private static final int OURS = 80;

  private static final int FRAMES = 5;

  /** Who finds out why there is no answer should still be able to say so. */
  private static final Duration LAST_WORDS = Duration.ofMillis(200);

  private static final Logger LOG = LoggerFactory.getLogger(ReviewEndpoint.class);

  private final Vertx vertx;
  private final Admission admission;
  private final ReviewLog log;
  private final Bounds bounds;
  private final Room room;
  private int underWay;

  ReviewEndpoint(Vertx vertx, Admission admission, ReviewLog log, Bounds bounds) {
    this.vertx = vertx;
    this.admission = admission;
    this.log = log;
    this.bounds = bounds;
    this.room = new Room(bounds.bytes);
  }

  /**
   * How much is done for those who ask.
   *
   * @param atOnce the most reviews that are under way
   * @param bytes what their bodies may take together
   * @param budget how long one may take, its body included
   */
  record Bounds(int atOnce, long bytes, Duration budget) {
    static final Bounds USUAL = new Bounds(16, 2L * MAX_BODY, Duration.ofSeconds(4));
  }

  void handle(HttpServerRequest request) {
    if (!request.path().equals(PATH)) {
      end(request, 404, "there is nothing here");
    } else if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader("Allow", "POST");
      end(request, 405, "a review is posted");
    } else if (!isJson(request)) {
      end(request, 415, "Content-Type must be application/json");
    } else if (underWay >= bounds.atOnce) {
      putOff(request);
    } else {
      review(request);
    }
  }

  private void review(HttpServerRequest request) {
    var due = Deadline.in(patience(request));
    var share = room.share();
    underWay++;
    BoundedBody.of(request, MAX_BODY, share)
        .timeout(due.left().toMillis(), TimeUnit.MILLISECONDS)
        .compose(body -> vertx.executeBlocking(() -> Review.read(body), false))
        .compose(review -> answer(review, due))
        .onComplete(
            done -> {
              underWay--;
              share.giveBack();
              if (done.succeeded()) {
                send(request, 200, "application/json", done.result());
              } else if (done.cause() instanceof BoundedBody.NoRoom) {
                putOff(request);
              } else {
                log.unread();
                refuse(request, done.cause());
              }
            });
  }

  private void putOff(HttpServerRequest request) {
    log.busy();
    request.response().putHeader("Retry-After", "1");
    cut(request, 503, "too many reviews at once");
  }

  /** From here on there is a uid, so whatever happens is an answer to it. */
  private Future<Buffer> answer(Review review, Deadline due) {
    var started = log.begin();
    return judged(review, due)
        .timeout(due.left().toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(ReviewEndpoint::ofFailure)
        .onSuccess(verdict -> log.end(started, review, verdict))
        .map(verdict -> Buffer.buffer(verdict.toJson(review.uid()).toString()));
  }

  private Future<Verdict> judged(Review review, Deadline due) {
    AdmissionRequest request;
    try {
      request = AdmissionRequest.of(review.request());
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(
          Verdict.malformed("the review cannot be understood: " + e.getMessage()));
    }
    return admission.judge(request, due.leftBefore(LAST_WORDS));
  }

  /** Without the words of whoever stumbled, which may hold what was read. */
  private static Verdict ofFailure(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return Verdict.unavailable("Keyturn could not judge it in time");
    }
    LOG.atError()
        .setMessage("a review failed")
        .addKeyValue("failure", cause.getClass().getName())
        .addKeyValue("at", Arrays.stream(cause.getStackTrace()).limit(FRAMES).toList())
        .log();
    return Verdict.unavailable("Keyturn could not judge it: see its log");
  }

  /** What was no review has no uid that could be answered. */
  private static void refuse(HttpServerRequest request, Throwable cause) {
    if (cause instanceof BoundedBody.TooLong) {
      cut(request, 413, "a review has at most " + MAX_BODY + " bytes");
    } else if (cause instanceof TimeoutException) {
      cut(request, 408, "the review did not come in time");
    } else if (cause instanceof IllegalArgumentException) {
      end(request, 400, String.valueOf(cause.getMessage()));
    } else {
      end(request, 400, "the review broke off");
    }
  }

  /** Whoever asks says how long they wait; the answer has to travel, too. */
  private Duration patience(HttpServerRequest request) {
    return theirs(request)
        .flatMap(GoDuration::parse)
        .map(theirs -> theirs.multipliedBy(OURS).dividedBy(100))
        .filter(ours -> ours.compareTo(bounds.budget) < 0)
        .orElse(bounds.budget);
  }

  private static Optional<String> theirs(HttpServerRequest request) {
    try {
      return Optional.ofNullable(request.getParam("timeout"));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // The query is no query.
    }
  }

  private static boolean isJson(HttpServerRequest request) {
    var type = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
    return type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals("application/json");
  }

  /** The rest of the body is nothing that anybody waits for. */
  private static void cut(HttpServerRequest request, int status, String text) {
    request.response().putHeader("Connection", "close");
    end(request, status, text).onComplete(sent -> request.connection().close());
  }

  private static Future<Void> end(HttpServerRequest request, int status, String text) {
    return send(request, status, "text/plain; charset=utf-8", Buffer.buffer(text + "\n"));
  }

  private static Future<Void> send(
      HttpServerRequest request, int status, String type, Buffer body) {
    var response = request.response();
    if (response.closed() || response.ended()) {
      return Future.succeededFuture();
    }
    return response
        .setStatusCode(status)
        .putHeader("Content-Type", type)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(body);
  }
}
