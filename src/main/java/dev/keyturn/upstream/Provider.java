package dev.keyturn.upstream;

/** An {@link Upstream} as its owner sees it: with a life, and a state of its own. */
interface Provider extends Upstream {
  /** Begins to find out what it needs; waits for nothing. */
  void start();

  void stop();

  UpstreamStatus status();

  /** Who names the people here, as {@link UpstreamConfig#issuedBy} of its configuration. */
  String issuedBy();

  /** Goes on under {@code next} if that is this very provider; tells whether it is. */
  boolean adopt(UpstreamConfig next);

  ClientSecrets secrets();
}
