package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Site;
import dev.keyturn.given.User;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Consent cannot be forged: only the page that this very browser was shown approves. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConsentDefenceIT {
  private static final String EVIL = "https://evil.example";
  private static Flow flow;

  private McpClient client;
  private User alice;
  private Answer page;
  private Form form;
  private URI consent;

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @BeforeEach
  void show_the_page() {
    client = flow.client();
    alice = flow.alice();
    page = alice.consentPage(client.authorize());
    form = alice.browser().form(page, "Allow");
    consent = flow.url("/oauth/consent");
  }

  @Test
  void the_untouched_form_of_the_page_approves() {
    assertThat(send(alice.browser(), form).status()).isEqualTo(303);
  }

  @Test
  void a_form_sent_with_the_cookie_of_another_browser_does_not_count() {
    var other = flow.browser();
    other.arriveAt(client.authorize());
    assertThat(send(other, form).status()).isEqualTo(403);
  }

  @Test
  void a_form_sent_without_a_cookie_does_not_count() {
    assertThat(send(flow.browser(), form).status()).isEqualTo(403);
  }

  @Test
  void the_cookie_that_survives_a_visit_from_another_site_is_not_enough() {
    alice.browser().forget("keyturn-form");
    assertThat(send(alice.browser(), form).status()).isEqualTo(403);
  }

  @Test
  void a_form_that_another_site_makes_the_browser_send_does_not_count() {
    var forged = alice.browser().submit(URI.create(EVIL + "/trap"), consent, form);
    assertThat(forged.status()).isEqualTo(403);
  }

  @Test
  void the_token_of_another_request_does_not_approve_this_one() {
    var other = alice.consentPage(client.authorize(client.request().with("state", "other")));
    var token = alice.browser().form(other, "Allow").value("token");
    assertThat(send(alice.browser(), form.with("token", token)).status()).isEqualTo(403);
  }

  @Test
  void a_changed_request_does_not_count() {
    var sealed = form.value("request");
    var changed = (sealed.charAt(40) == 'A' ? "B" : "A") + sealed.substring(41);
    var forged = form.with("request", sealed.substring(0, 40) + changed);
    assertThat(send(alice.browser(), forged).status()).isEqualTo(403);
  }

  @Test
  void a_request_in_plain_words_does_not_count() {
    assertThat(send(alice.browser(), form.with("request", "e30")).status()).isEqualTo(403);
  }

  @Test
  void a_browser_that_says_cross_site_is_believed() {
    assertThat(send(Site.CROSS_SITE, Browser.originOf(page.url())).status()).isEqualTo(403);
  }

  @Test
  void a_foreign_origin_does_not_count() {
    assertThat(send(Site.SAME_ORIGIN, EVIL).status()).isEqualTo(403);
  }

  @Test
  void an_origin_that_is_hidden_does_not_count() {
    assertThat(send(Site.SAME_ORIGIN, "null").status()).isEqualTo(403);
  }

  @Test
  void a_page_that_was_open_for_more_than_ten_minutes_does_not_count() {
    flow.clock().forward(Duration.ofMinutes(6));
    alice.consentPage(client.authorize());
    flow.clock().forward(Duration.ofMinutes(5));
    var late = send(alice.browser(), form);
    assertThat(late.status()).isEqualTo(400);
    assertThat(late.body()).contains("open for too long");
  }

  @Test
  void a_page_that_was_open_for_nine_minutes_counts() {
    flow.clock().forward(Duration.ofMinutes(9));
    assertThat(send(alice.browser(), form).status()).isEqualTo(303);
  }

  @Test
  void a_form_without_a_token_does_not_count() {
    assertThat(send(alice.browser(), form.without("token")).status()).isEqualTo(400);
  }

  @Test
  void a_form_without_a_decision_decides_nothing() {
    assertThat(send(alice.browser(), form.without("decision")).status()).isEqualTo(400);
  }

  @Test
  void a_refused_form_is_audited_and_stores_nothing() {
    var before = flow.store().size();
    send(flow.browser(), form);
    assertThat(flow.store().size()).isEqualTo(before);
    await().untilAsserted(() -> assertThat(flow.audited()).endsWith("browser.refused"));
  }

  @Test
  void the_form_cookie_is_kept_from_other_sites_and_from_scripts() {
    var cookie =
        page.headers().allValues("Set-Cookie").stream()
            .filter(line -> line.startsWith("keyturn-form="))
            .findFirst()
            .orElseThrow();
    assertThat(cookie).contains("SameSite=Strict", "HttpOnly", "Path=/");
  }

  @Test
  void the_page_cannot_be_put_into_a_frame() {
    assertThat(page.header("Content-Security-Policy").orElseThrow())
        .contains("frame-ancestors 'none'", "default-src 'none'");
  }

  private Answer send(Browser browser, Form sent) {
    return browser.submit(page.url(), consent, sent);
  }

  private Answer send(Site site, String origin) {
    // The browser's own Strict rule would hide what is judged here, so the cookie comes along.
    return alice.browser().submitAs(site, origin, consent, form);
  }
}
