package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import io.vertx.core.Future;

/** Shows the consent page, with a form that counts in this very browser only. */
final class Asking {
  private final Site site;
  private final ConsentForm form;
  private final ConsentPage page;

  Asking(Site site, ConsentForm form, ConsentPage page) {
    this.site = site;
    this.form = form;
    this.page = page;
  }

  /**
   * @param person what the provider calls who has logged in; empty before the login
   */
  Future<Reply> ask(Request http, Client client, Question question, String person) {
    var browser = site.cookies().formValue(http);
    var sealed = form.seal(question);
    var fields = new ConsentPage.Fields(sealed, form.form().token(browser, sealed), person);
    return page.render(http, question, client, fields)
        .map(reply -> site.cookies().rememberForm(reply, browser));
  }
}
