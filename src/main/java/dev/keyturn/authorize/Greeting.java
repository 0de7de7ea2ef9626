package dev.keyturn.authorize;

import dev.keyturn.http.Reply;

/** What a browser is told of a person who has just logged in: the cookies that name them. */
record Greeting(PersonCookies cookies, boolean remembers) {
  Reply greet(Reply reply, PersonCookies.Visitor visitor) {
    var admitted = cookies.admit(reply, visitor);
    return remembers ? cookies.remember(admitted, visitor) : admitted;
  }
}
