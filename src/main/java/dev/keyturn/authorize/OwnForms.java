package dev.keyturn.authorize;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Request;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a form that was sent from a page of this very browser from all others.
 *
 * <p>Browsers say where a form comes from; what they say must be us, if they say it. And the form
 * holds a token for the cookie that this browser alone was given, and keeps from other sites.
 */
final class OwnForms {
  private final Site site;
  private final SealedForm form;

  OwnForms(Site site, SealedForm form) {
    this.site = site;
    this.form = form;
  }

  /** Whether the form in {@code parameters} counts; one that does not is audited. */
  boolean isOurs(Request request, Parameters parameters, String path) {
    var ours = isFromOurPage(request) && isOfThisBrowser(request, parameters);
    if (!ours) {
      site.audit().tell(Kind.BROWSER_REFUSED, Map.of("at", path, "request", request.id()));
    }
    return ours;
  }

  private boolean isFromOurPage(Request request) {
    return says(request.header("Sec-Fetch-Site"), "same-origin")
        && says(request.header("Origin"), site.browser().origin());
  }

  private static boolean says(Optional<String> header, String expected) {
    return header.map(expected::equals).orElse(true);
  }

  private boolean isOfThisBrowser(Request request, Parameters parameters) {
    return site.cookies()
        .formValueSent(request)
        .map(
            browser ->
                form.isBound(parameters.required("token"), browser, parameters.required("request")))
        .orElse(false);
  }
}
