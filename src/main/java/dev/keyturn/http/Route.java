package dev.keyturn.http;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * Paths, the methods that are answered there, and for whom.
 *
 * @param paths absolute request paths; {@code :name} stands for one segment
 * @param methods of GET, POST, PUT and DELETE; HEAD and OPTIONS follow by themselves
 * @param audience decides CORS and whether a refusal is JSON or a page
 * @param throttle is asked by address before anything is read of the body
 */
public record Route(
    List<String> paths, Set<String> methods, Audience audience, Throttle throttle, Action action) {
  public Route {
    paths = List.copyOf(paths);
    methods = Set.copyOf(methods);
  }

  /** A route for programs. */
  public static Route forPrograms(List<String> paths, Set<String> methods, Action action) {
    return new Route(paths, methods, Audience.PROGRAM, Throttle.NONE, action);
  }

  /** A route for a person's browser. */
  public static Route forPeople(List<String> paths, Set<String> methods, Action action) {
    return new Route(paths, methods, Audience.PERSON, Throttle.NONE, action);
  }

  /** The same, where one address may ask so often only. */
  public Route throttledBy(Throttle limit) {
    return new Route(paths, methods, audience, limit, action);
  }

  /** Who reads the answers. */
  public enum Audience {
    /** A client: JSON, and any origin may ask. */
    PROGRAM,
    /** Somebody in front of a browser: pages, and no other origin reads them. */
    PERSON
  }

  /** What answers. */
  @FunctionalInterface
  public interface Action {
    /** Answers, or fails with an {@code OAuthException} to refuse. */
    Future<Reply> answer(Request request);
  }
}
