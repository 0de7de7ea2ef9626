package dev.keyturn.authorize;

import dev.keyturn.http.Reply;
import dev.keyturn.upstream.Identity;

/** What a browser is told of a person who has just logged in: the cookies that name them. */
record Greeting(PersonCookies cookies, boolean remembers) {
  Reply greet(Reply reply, Identity identity) {
    return greet(reply, new PersonCookies.Visitor(identity.subject(), nameOf(identity)));
  }

  Reply greet(Reply reply, PersonCookies.Visitor visitor) {
    var admitted = cookies.admit(reply, visitor);
    return remembers ? cookies.remember(admitted, visitor.subject()) : admitted;
  }

  /** How a page calls a person. */
  static String nameOf(Identity identity) {
    return ShownName.plain(identity.name().or(identity::email).orElse(""));
  }
}
