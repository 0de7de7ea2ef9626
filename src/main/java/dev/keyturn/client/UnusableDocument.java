package dev.keyturn.client;

import dev.keyturn.http.FetchFailure;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Why what a client published about itself cannot be used: at which host, and what is the matter.
 *
 * <p>Nothing of what was there is in it, so it may be shown.
 */
public final class UnusableDocument extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String host;
  private final String fault;
  private final boolean passing;
  private final boolean gone;

  UnusableDocument(URI url, Fault fault) {
    this(new FetchFailure(url, FetchFailure.Reason.URL).host(), fault.name(), false, false);
  }

  private UnusableDocument(String host, String fault, boolean passing, boolean gone) {
    super(host + ": " + fault, null, false, false);
    this.host = host;
    this.fault = fault;
    this.passing = passing;
    this.gone = gone;
  }

  static UnusableDocument of(URI url, Throwable cause) {
    if (cause instanceof UnusableDocument known) {
      return known;
    }
    var failure = cause instanceof FetchFailure f ? f : new FetchFailure(url, unknown());
    return new UnusableDocument(
        failure.host(),
        failure.reason().name(),
        failure.reason().isPassing(),
        failure.reason() == FetchFailure.Reason.GONE);
  }

  private static FetchFailure.Reason unknown() {
    return FetchFailure.Reason.UNREACHABLE;
  }

  /** Everything that {@link #fault} may say. */
  public static List<String> faults() {
    return Stream.concat(Stream.of(FetchFailure.Reason.values()), Stream.of(Fault.values()))
        .map(fault -> spelled(fault.name()))
        .toList();
  }

  /** The host as the URL spells it. */
  public String host() {
    return host;
  }

  /** What is the matter, as a name of messages and events, such as {@code too-large}. */
  public String fault() {
    return spelled(fault);
  }

  /** Whether it may be over soon. */
  public boolean isPassing() {
    return passing;
  }

  /** Whether the host says that there is no such document any more. */
  boolean isGone() {
    return gone;
  }

  /** Whether an operator does not want this host, so that nothing of it counts any more. */
  boolean isDenied() {
    return fault.equals(FetchFailure.Reason.DENIED.name());
  }

  private static String spelled(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What may be the matter with a document that was fetched, or never could be. */
  public enum Fault {
    /** The {@code client_id} is no URL that a document may have. */
    CLIENT_ID,
    /** It is not one JSON object. */
    NO_OBJECT,
    /** It names another {@code client_id} than its own URL. */
    OTHER_CLIENT,
    /** It lacks a name. */
    NO_NAME,
    /** It names no redirect URI that is allowed. */
    REDIRECT_URIS,
    /** It shows a secret, or wants to authenticate by one. */
    SECRET,
    /** Its keys are missing, or not such as verify here. */
    KEYS
  }
}
