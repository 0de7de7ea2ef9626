package dev.keyturn.http;

import io.netty.channel.ConnectTimeoutException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Why a URL that a stranger named was not fetched: which host, and what was the matter, but never a
 * byte of what it sent.
 */
public final class FetchFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String host;
  private final Reason reason;

  public FetchFailure(URI url, Reason reason) {
    super(hostOf(url) + ": " + reason, null, false, false);
    this.host = hostOf(url);
    this.reason = reason;
  }

  /** What {@code cause} means for whoever wanted {@code url}. */
  static FetchFailure of(URI url, Throwable cause) {
    return cause instanceof FetchFailure known ? known : new FetchFailure(url, reasonOf(cause));
  }

  /** The host as the URL spells it. */
  public String host() {
    return host;
  }

  public Reason reason() {
    return reason;
  }

  private static Reason reasonOf(Throwable cause) {
    if (cause instanceof TimeoutException || cause instanceof ConnectTimeoutException) {
      return Reason.TIMEOUT;
    }
    return Stream.iterate(Optional.of(cause), Optional::isPresent, FetchFailure::causeOf)
            .limit(8)
            .flatMap(Optional::stream)
            .anyMatch(e -> e instanceof SSLException || e instanceof CertificateException)
        ? Reason.TLS
        : Reason.UNREACHABLE;
  }

  private static Optional<Throwable> causeOf(Optional<Throwable> failure) {
    return failure.map(Throwable::getCause);
  }

  private static String hostOf(URI url) {
    return Optional.ofNullable(url.getHost())
        .or(() -> Optional.ofNullable(url.getRawAuthority()))
        .orElse("?");
  }

  /** What was the matter. */
  public enum Reason {
    /** The URL is none that is fetched at all: not https, or of a port that is not for the web. */
    URL(false),
    /** The host is on no list that it would have to be on, or on one that it must not be on. */
    DENIED(false),
    /** The host is not on the public internet, or part of it is not. */
    PRIVATE_ADDRESS(false),
    /** Nobody knows the name. */
    UNRESOLVABLE(true),
    /** Nobody answers there. */
    UNREACHABLE(true),
    /** The certificate is not good, or TLS failed otherwise. */
    TLS(true),
    /** It took too long, from the look-up of the name to the last byte. */
    TIMEOUT(true),
    /** The answer is larger than it may be. */
    TOO_LARGE(false),
    /** The answer leads elsewhere. */
    REDIRECT(false),
    /** There is none, or none any more: 404 or 410. */
    GONE(false),
    /** The status is another one than 200. */
    STATUS(true),
    /** The answer does not say that it is JSON. */
    NOT_JSON(false),
    /** Too much is fetched at the moment, from there or at all. */
    BUSY(true),
    /** Whoever asks for it has asked for too much. */
    QUOTA(true);

    private final boolean passing;

    Reason(boolean passing) {
      this.passing = passing;
    }

    /** Whether it was us who would not fetch, which says nothing about what is there. */
    public boolean isOurs() {
      return this == BUSY || this == QUOTA;
    }

    /** Whether it may be over soon, so that it tells nothing about what was wanted. */
    public boolean isPassing() {
      return passing;
    }
  }
}
