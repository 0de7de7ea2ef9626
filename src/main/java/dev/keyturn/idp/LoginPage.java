package dev.keyturn.idp;

import static dev.keyturn.idp.Pages.escape;

import java.util.List;
import java.util.stream.Collectors;

/** Asks for user name and password, and says which sample logins there are. */
record LoginPage(String requestId, String clientId, List<Person> people) {
  private static final String CONTENT =
      """
      <h1>Sign in</h1>
      <p><strong>%s</strong> asks who you are.</p>
      %s
      <form method="post" action="/login">
      %s
      <label for="username">User name</label>
      <input id="username" name="username" type="text" value="%s" autocomplete="username"
        autocapitalize="none" spellcheck="false" required%s>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password"
        required%s>
      <button type="submit">Sign in</button>
      </form>
      <form method="post" action="/cancel">
      %s
      <button type="submit" class="quiet">Cancel</button>
      </form>
      <aside>
      <p>This identity provider runs on this machine only, to try things out. Sample logins:</p>
      <ul>
      %s
      </ul>
      </aside>""";

  private static final String ALERT =
      "<p class=\"alert\" role=\"alert\" id=\"alert\">"
          + "User name and password do not match. Check both and try again.</p>";

  String fresh() {
    return page("Sign in", "", "", " autofocus", "");
  }

  /** Keeps the user name, so that only the password is typed again. */
  String afterFailure(String username) {
    return page("Sign in again", ALERT, username, "", " autofocus aria-describedby=\"alert\"");
  }

  private String page(
      String title, String alert, String username, String onUsername, String onPassword) {
    var id = Pages.hidden("request", requestId);
    return Pages.page(
        title,
        CONTENT.formatted(
            escape(clientId), alert, id, escape(username), onUsername, onPassword, id, samples()));
  }

  private String samples() {
    return people.stream()
        .map(
            person ->
                "<li>user name <code>%s</code>, password <code>%s</code></li>"
                    .formatted(escape(person.username()), escape(person.password())))
        .collect(Collectors.joining("\n"));
  }
}
