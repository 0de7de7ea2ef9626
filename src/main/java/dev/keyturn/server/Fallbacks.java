package dev.keyturn.server;

import dev.keyturn.http.SecurityHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is answered where nothing of ours answers.
 *
 * <p>vertx-web's own handler writes the whole request target to the log, and that may hold a code.
 */
final class Fallbacks {
  private static final Logger LOG = LoggerFactory.getLogger(Fallbacks.class);

  private Fallbacks() {}

  static void mount(Router router) {
    router.errorHandler(404, context -> answer(context, 404));
    router.errorHandler(405, context -> answer(context, 405));
    router.errorHandler(400, context -> answer(context, 400));
    router.errorHandler(500, Fallbacks::fail);
  }

  /** Answers a request that failed on the way through our routes. */
  static void failed(RoutingContext context) {
    if (context.failure() == null && context.statusCode() < 500 && context.statusCode() >= 400) {
      answer(context, context.statusCode());
    } else {
      fail(context);
    }
  }

  private static void fail(RoutingContext context) {
    LOG.atError().setMessage("request failed").setCause(context.failure()).log();
    answer(context, 500);
  }

  private static void answer(RoutingContext context, int status) {
    var response = context.response();
    if (!response.ended() && !response.headWritten()) {
      SecurityHeaders.ofNoPage(response);
      response.setStatusCode(status).end();
    }
  }
}
