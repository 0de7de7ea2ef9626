package dev.keyturn.http;

import dev.keyturn.http.OutgoingHttp.Reach;
import java.time.Duration;
import java.util.Optional;

/**
 * How servers of others are reached: which of them, by whose word, through what, and with how much
 * patience.
 *
 * @param authorities empty: those that the platform trusts
 * @param proxy empty: straight
 * @param connect how long a connection may take to be there
 * @param answer how long an answer may take, from its request to its last byte
 * @param maxBody the most bytes of an answer
 */
public record Passage(
    Reach reach,
    Optional<Authorities> authorities,
    Optional<EgressProxy> proxy,
    Duration connect,
    Duration answer,
    int maxBody) {
  /** How long a connection may take where nothing else is said. */
  public static final Duration CONNECT = Duration.ofSeconds(5);

  /** How long an answer may take where nothing else is said. */
  public static final Duration ANSWER = Duration.ofSeconds(10);

  /** The most bytes of an answer where nothing else is said. */
  public static final int MAX_BODY = 256 * 1024;

  /** Straight to those within reach, with the usual patience. */
  public static Passage to(Reach reach) {
    return new Passage(reach, Optional.empty(), Optional.empty(), CONNECT, ANSWER, MAX_BODY);
  }

  Passage patientFor(Duration time) {
    return new Passage(reach, authorities, proxy, connect, time, maxBody);
  }
}
