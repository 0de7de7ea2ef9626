package dev.keyturn.authorize;

import static dev.keyturn.authorize.GivenRequest.preRegistered;
import static dev.keyturn.authorize.GivenRequest.question;
import static dev.keyturn.authorize.GivenRequest.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.given.SettableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConsentFormTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String BROWSER = "b".repeat(43);

  private final SettableClock clock = new SettableClock();
  private final byte[] secret = secret();
  private final ConsentForm form = form(secret);
  private final Question asked =
      question(request(preRegistered("https://a.example/cb"), clock.instant()));
  private final String sealed = form.seal(asked);
  private final String token = form.form().token(BROWSER, sealed);

  private static byte[] secret() {
    var secret = new byte[32];
    RANDOM.nextBytes(secret);
    return secret;
  }

  private ConsentForm form(byte[]... secrets) {
    return new ConsentForm(HmacSecrets.of(List.of(secrets)), RANDOM, clock);
  }

  private static String changed(String text, int at) {
    return text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A') + text.substring(at + 1);
  }

  @Test
  void what_was_sealed_opens() {
    assertThat(form.open(sealed)).contains(asked);
  }

  @Test
  void what_was_sealed_for_another_purpose_does_not_open() {
    var account = new AccountForm(HmacSecrets.of(List.of(secret)), RANDOM, clock);
    assertThat(account.open(sealed)).isEmpty();
    assertThat(form.open(account.seal("u_alice"))).isEmpty();
  }

  @Test
  void the_token_of_a_form_for_another_purpose_binds_nothing() {
    var account = new AccountForm(HmacSecrets.of(List.of(secret)), RANDOM, clock);
    assertThat(form.form().isBound(account.form().token(BROWSER, sealed), BROWSER, sealed))
        .isFalse();
  }

  @Test
  void nothing_of_the_request_can_be_read_in_the_form() {
    assertThat(sealed).matches("[A-Za-z0-9_-]+").doesNotContain("a.example");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 120, 200})
  void a_seal_that_was_changed_does_not_open(int at) {
    assertThat(form.open(changed(sealed, at))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "!", "AAAA", "{}", "ä"})
  void what_is_no_seal_does_not_open(String text) {
    assertThat(form.open(text)).isEmpty();
  }

  @Test
  void opens_until_ten_minutes_have_passed() {
    clock.forward(Duration.ofMinutes(10).minusMillis(1));
    assertThat(form.open(sealed)).isPresent();
    clock.forward(Duration.ofMillis(1));
    assertThat(form.open(sealed)).isEmpty();
  }

  @Test
  void another_server_opens_nothing() {
    assertThat(form(secret()).open(sealed)).isEmpty();
  }

  @Test
  void another_server_believes_no_token() {
    assertThat(form(secret()).form().isBound(token, BROWSER, sealed)).isFalse();
  }

  @Test
  void a_form_outlives_a_new_secret_while_the_old_one_is_listed() {
    var after = form(secret(), secret);
    assertThat(after.open(sealed)).contains(asked);
    assertThat(after.form().isBound(token, BROWSER, sealed)).isTrue();
  }

  @Test
  void is_bound_to_its_browser() {
    assertThat(form.form().isBound(token, BROWSER, sealed)).isTrue();
    assertThat(form.form().isBound(token, "c".repeat(43), sealed)).isFalse();
  }

  @Test
  void is_bound_to_its_request() {
    assertThat(form.form().isBound(token, BROWSER, form.seal(asked))).isFalse();
  }

  @Test
  void browser_and_request_cannot_be_cut_elsewhere() {
    assertThat(form.form().isBound(form.form().token("a b", "c"), "a", "b c")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "!", "ä"})
  void what_is_no_token_binds_nothing(String text) {
    assertThat(form.form().isBound(text, BROWSER, sealed)).isFalse();
  }

  @Test
  void a_token_that_was_changed_binds_nothing() {
    assertThat(form.form().isBound(changed(token, 0), BROWSER, sealed)).isFalse();
  }
}
