package dev.keyturn.authorize;

import java.util.Locale;

/** What a page tells that ends a login here; the texts are in the messages, by its name. */
enum Notice {
  /** The request names no client, or several. */
  NO_CLIENT(400),
  /** Nobody knows the client. */
  UNKNOWN_CLIENT(400),
  /** What the client publishes about itself is not good. */
  DOCUMENT_REFUSED(400),
  /** What the client publishes about itself cannot be read now. */
  DOCUMENT_AWAY(503),
  /** The redirect URI is not the client's, so nobody is sent there. */
  FOREIGN_ADDRESS(400),
  /** The request breaks a rule, and a stranger is told so by a click only. */
  REFUSED(400),
  /** The pushed request is used up, expired, another client's, or was never there. */
  REQUEST_GONE(400),
  /** The form does not come from a page of this browser. */
  FOREIGN_FORM(403),
  /** The form of the account page does not come from a page of this browser. */
  FOREIGN_CHANGE(403),
  /** The form is older than it may be. */
  EXPIRED_FORM(400),
  /** The form came without a decision. */
  UNDECIDED(400),
  /** The client went away while the person decided. */
  CLIENT_GONE(400),
  /** The login was finished in this browser before. */
  FINISHED(400),
  /** The login belongs to another browser. */
  ELSEWHERE(400),
  /** No upstream has the name that the address names. */
  NO_UPSTREAM(404),
  /** The person logged in too long ago to link an account by it. */
  LINK_EXPIRED(400),
  /** The login is none of ours, or none any more. */
  UNKNOWN_LOGIN(400),
  /** The provider knows the person, and the operator has not let them in. */
  NOT_ALLOWED(403),
  /** The provider did not log the person in who wants to see the account page, or we do not. */
  STAY_OUT(403),
  /** The answer waits for a click, because it leads into an application. */
  HAND_OVER(200);

  private final int status;

  Notice(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }

  /** The key of one of its texts: {@code title}, {@code text}, {@code again}. */
  String key(String part) {
    return "notice." + name().toLowerCase(Locale.ROOT).replace('_', '-') + "." + part;
  }
}
