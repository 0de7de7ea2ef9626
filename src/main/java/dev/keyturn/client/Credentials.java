package dev.keyturn.client;

import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT;
import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.http.Parameters;
import dev.keyturn.http.Request;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a request presents to say which client sent it.
 *
 * @param secrets what its secret may be, by each way to read it
 * @param assertion what it signed, for the method that signs
 */
record Credentials(
    String clientId, Method method, List<String> secrets, Optional<ClientAssertion> assertion) {
  private static final String AUTHORIZATION = "Authorization";
  private static final String BASIC = "Basic ";
  private static final String ASSERTION_TYPE = "client_assertion_type";

  Credentials {
    secrets = List.copyOf(secrets);
  }

  private Credentials(String clientId, Method method, List<String> secrets) {
    this(clientId, method, secrets, Optional.empty());
  }

  /** Reads them; refuses a request that authenticates in two ways at once. */
  static Credentials of(Request request, Parameters parameters) {
    var headers = request.headers(AUTHORIZATION);
    var secret = parameters.find("client_secret");
    var assertion = parameters.find("client_assertion");
    if (headers.size() + secret.stream().count() + assertion.stream().count() > 1) {
      throw INVALID_REQUEST.because("a client authenticates in one way, not in two");
    }
    if (assertion.isPresent() || parameters.find(ASSERTION_TYPE).isPresent()) {
      return signed(parameters).requireNamed(parameters);
    }
    if (!headers.isEmpty()) {
      return basic(headers.get(0)).requireNamed(parameters);
    }
    var id = parameters.required("client_id");
    return secret
        .map(given -> new Credentials(id, Method.CLIENT_SECRET_POST, List.of(given)))
        .orElseGet(() -> new Credentials(id, Method.NONE, List.of()));
  }

  /** Who signs names itself in what it signs; {@code client_id} may be left out. */
  private static Credentials signed(Parameters parameters) {
    if (!parameters.find(ASSERTION_TYPE).equals(Optional.of(ClientAssertion.TYPE))) {
      throw INVALID_CLIENT.because("client_assertion_type must be " + ClientAssertion.TYPE);
    }
    var assertion = ClientAssertion.parse(parameters.required("client_assertion"));
    return new Credentials(
        assertion.clientId(), Method.PRIVATE_KEY_JWT, List.of(), Optional.of(assertion));
  }

  /**
   * RFC 6749 encodes both halves as a form does, before they are joined. Many clients do not, and
   * in a secret that was made at random nobody can see which it is, so both readings count.
   */
  static Credentials basic(String header) {
    var text = decoded(header).orElseThrow(Credentials::malformed);
    var colon = text.indexOf(':');
    if (colon < 1) {
      throw malformed();
    }
    var id = text.substring(0, colon);
    var secret = text.substring(colon + 1);
    return new Credentials(
        Parameters.decoded(id).orElse(id),
        Method.CLIENT_SECRET_BASIC,
        Stream.concat(Stream.of(secret), Parameters.decoded(secret).stream()).toList());
  }

  private static Optional<String> decoded(String header) {
    if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return Optional.empty();
    }
    try {
      var bytes = Base64.getDecoder().decode(header.substring(BASIC.length()).trim());
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)))
          .map(CharSequence::toString);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty(); // The cause would quote what it choked on.
    }
  }

  private static RuntimeException malformed() {
    return INVALID_CLIENT.because("the Authorization header must be Basic, with id and secret");
  }

  /** Many clients name themselves in the form too; then it must be the same name. */
  private Credentials requireNamed(Parameters parameters) {
    if (!parameters.find("client_id").orElse(clientId).equals(clientId)) {
      throw INVALID_REQUEST.because("client_id differs from who authenticates");
    }
    return this;
  }

  /** Hides the secrets. */
  @Override
  public String toString() {
    return "Credentials[" + method.wire() + "]";
  }
}
