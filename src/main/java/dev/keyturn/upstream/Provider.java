package dev.keyturn.upstream;

/** An {@link Upstream} as its owner sees it: with a life, and a state of its own. */
interface Provider extends Upstream {
  /** Begins to find out what it needs; waits for nothing. */
  void start();

  void stop();

  UpstreamStatus status();
}
