package dev.keyturn.token;

import dev.keyturn.config.Settings;
import java.time.Duration;

/**
 * How long our own credentials live.
 *
 * @param refreshToken from its issue; each rotation begins anew
 * @param session from the login; nothing of a session outlives it, however often it is refreshed
 * @param grace how long the previous refresh token is answered with the same successor
 * @param replayWindow the same, as long as that successor was never used
 */
public record Lifespans(
    Duration accessToken,
    Duration refreshToken,
    Duration code,
    Duration session,
    Duration grace,
    Duration replayWindow) {
  /** The defaults of the documentation. */
  public static final Lifespans DEFAULT =
      new Lifespans(
          Duration.ofHours(1),
          Duration.ofHours(168),
          Duration.ofMinutes(10),
          Duration.ofHours(720),
          Duration.ofSeconds(60),
          Duration.ofHours(24));

  /**
   * How long somebody who has logged in may take to answer what is asked, before there is a code.
   */
  private static final Duration QUESTION = Duration.ofMinutes(10);

  /**
   * How long a denial of a session may be about something: until its access tokens have ended, and
   * as long as it may still begin.
   */
  public Duration denial() {
    var begun = code.plus(QUESTION);
    return begun.compareTo(accessToken) > 0 ? begun : accessToken;
  }

  /** Reads {@code token_lifespans} and {@code refresh} of the whole configuration. */
  public static Lifespans from(Settings settings) {
    var tokens = settings.child("token_lifespans");
    var refresh = settings.child("refresh");
    var grace = refresh.duration("grace", DEFAULT.grace, Duration.ZERO, Duration.ofMinutes(10));
    var window =
        refresh.duration("replay_window", DEFAULT.replayWindow, Duration.ZERO, Duration.ofDays(30));
    var replay = refresh.word("replay", "window", java.util.Set.of("window", "grace"));
    return new Lifespans(
        tokens.duration(
            "access_token_lifespan",
            DEFAULT.accessToken,
            Duration.ofMinutes(1),
            Duration.ofHours(24)),
        tokens.duration(
            "refresh_token_lifespan",
            DEFAULT.refreshToken,
            Duration.ofHours(1),
            Duration.ofHours(720)),
        tokens.duration(
            "auth_code_lifespan", DEFAULT.code, Duration.ofSeconds(30), Duration.ofMinutes(10)),
        refresh.duration(
            "absolute_lifetime", DEFAULT.session, Duration.ofHours(1), Duration.ofHours(8760)),
        grace,
        replay.equals("grace") ? Duration.ZERO : window);
  }
}
