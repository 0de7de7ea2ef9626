package dev.keyturn.upstream;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;
import static dev.keyturn.oauth.ErrorCode.CONSENT_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.INTERACTION_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.LOGIN_REQUIRED;
import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;
import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an identity provider's errors: a few names pass, everything else is ours to know.
 *
 * <p>No text of a provider ever reaches a client: it could be anybody's words on our pages.
 *
 * @param upstream the provider's name in the configuration
 */
record Refusals(String upstream) {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LATER = Duration.ofSeconds(30);
  private static final int MAX_CODE = 16 * 1024;
  private static final long LONGEST = 3600;

  /** The refusal that the provider's error {@code name} becomes for a login, logged here. */
  OAuthException of(String place, String name) {
    log(place, name);
    return List.of(
            ACCESS_DENIED,
            LOGIN_REQUIRED,
            CONSENT_REQUIRED,
            INTERACTION_REQUIRED,
            TEMPORARILY_UNAVAILABLE)
        .stream()
        .filter(code -> code.wire().equals(name))
        .findFirst()
        .orElse(SERVER_ERROR)
        .because("");
  }

  /** The refusal of a login that was begun at another provider, or by a client that is gone. */
  OAuthException changed(String what) {
    log("callback", what);
    return TEMPORARILY_UNAVAILABLE.because(
        "the identity provider was changed during the login; please log in again");
  }

  /** The code that a login came back with, unless it came back with an error. */
  String codeOf(LoginAnswer answer) {
    if (answer.error().isPresent()) {
      throw of("callback", answer.error().get());
    }
    return answer
        .code()
        .filter(code -> !code.isEmpty() && code.length() <= MAX_CODE)
        .orElseThrow(() -> of("callback", "no_code"));
  }

  /** The outage that an answer says, if it says one: too many requests, or a broken server. */
  Optional<UnavailableException> outage(Answer answer) {
    if (answer.status() != 429 && answer.status() < 500) {
      return Optional.empty();
    }
    var usual = answer.status() == 429 ? LATER : SOON;
    var wait = retryAfter(answer).orElse(usual);
    return Optional.of(new UnavailableException(upstream + " answered " + answer.status(), wait));
  }

  /** How long the provider asks to wait, at most an hour. */
  static Optional<Duration> retryAfter(Answer answer) {
    return Optional.ofNullable(answer.headers().get("Retry-After"))
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(text -> Duration.ofSeconds(Math.min(LONGEST, Long.parseLong(text))));
  }

  /** An answer that says nothing about the person or the tokens, logged here. */
  UnavailableException unusable(String place, String name) {
    log(place, name);
    return new UnavailableException(upstream + " gave no usable answer at " + place, LATER);
  }

  void log(String place, String name) {
    LOG.atWarn()
        .addKeyValue("upstream", upstream)
        .addKeyValue("place", place)
        .addKeyValue("error", NAME.matcher(name).matches() ? name : "unprintable")
        .log("identity provider said no");
  }
}
