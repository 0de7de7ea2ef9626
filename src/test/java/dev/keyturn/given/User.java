package dev.keyturn.given;

import dev.keyturn.idp.Person;
import java.net.URI;

/** Somebody at a browser, who approves and logs in. */
public record User(Browser browser, Person person) {
  /** The consent page that a client's link leads to. */
  public Answer consentPage(URI authorize) {
    return browser.arriveAt(authorize);
  }

  /** The provider's login page, after the approval. */
  public Answer loginPage(URI authorize) {
    return browser.follow(approve(authorize));
  }

  /** The redirect to the provider. */
  public Answer approve(URI authorize) {
    return browser.press(consentPage(authorize), "Allow");
  }

  /** The redirect from the provider to our callback. */
  public Answer signIn(Answer loginPage) {
    return browser.press(
        loginPage,
        "Sign in",
        Form.of("username", person.username(), "password", person.password()));
  }

  /** The answer to the client, after everything else. */
  public Answer logIn(URI authorize) {
    return browser.follow(signIn(loginPage(authorize)));
  }
}
