package dev.keyturn.idp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where an authorization response goes: a registered redirect URI, the state and the mode.
 *
 * <p>Only {@link #of} makes one, after it has compared the URI with the registered ones; so nothing
 * is ever sent to an address that was merely asked for.
 */
record ReturnAddress(String redirectUri, Optional<String> state, boolean formPost) {
  static ReturnAddress of(RelyingParty client, Parameters asked) {
    var redirectUri = asked.required("redirect_uri");
    if (!client.redirectUris().contains(redirectUri)) {
      throw new Refusal("invalid_request", "redirect_uri is not registered for this client");
    }
    var formPost = asked.optional("response_mode").filter("form_post"::equals).isPresent();
    return new ReturnAddress(redirectUri, asked.optional("state"), formPost);
  }

  void sendCode(RoutingContext context, String issuer, String code) {
    send(context, issuer, Map.of("code", code));
  }

  void sendError(RoutingContext context, String issuer, Refusal refusal) {
    var answer = new LinkedHashMap<String, String>();
    answer.put("error", refusal.code());
    answer.put("error_description", refusal.description());
    send(context, issuer, answer);
  }

  private void send(RoutingContext context, String issuer, Map<String, String> answer) {
    var fields = new LinkedHashMap<>(answer);
    state.ifPresent(value -> fields.put("state", value));
    fields.put("iss", issuer);
    if (formPost) {
      Pages.show(context, 200, Pages.handOver(redirectUri, fields));
      return;
    }
    Pages.protect(context.response())
        .setStatusCode(303)
        .putHeader(
            "Location", redirectUri + (redirectUri.contains("?") ? "&" : "?") + query(fields))
        .end();
  }

  private static String query(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }
}
