package dev.keyturn.given;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.audit.Audit;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.PkceChallenge;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.AuthorizationCode;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.Denials;
import dev.keyturn.token.JwtIssuer;
import dev.keyturn.token.JwtVerifier;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.OpaqueTokens;
import dev.keyturn.token.SessionTokens;
import dev.keyturn.token.Sessions;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that sessions are made of, above a store and a clock that the test holds. */
public final class GivenSessions {
  public static final Issuer ISSUER = new Issuer("https://mcp.example.com/tenant");
  public static final String CLIENT = "the-client";
  public static final String RESOURCE = "https://mcp.example.com/mcp";
  public static final String OTHER_RESOURCE = "https://mcp.example.com/other";
  public static final String REDIRECT_URI = "http://127.0.0.1:7777/callback";
  public static final String VERIFIER = "v".repeat(42) + "~";

  public final SecureRandom random = new SecureRandom();
  public final List<String> told = new ArrayList<>();
  public final Audit audit =
      (kind, details) ->
          told.add(
              kind.wire() + (details.containsKey("outcome") ? " " + details.get("outcome") : ""));
  public final GivenSignatures signatures = new GivenSignatures();
  public final OpaqueTokens refreshTokens;
  public final AuthorizationCodes codes;
  public final Denials denials;
  public final Sessions sessions;
  public final JwtIssuer jwts;
  public final SessionTokens tokens;
  public final JwtVerifier verifier;

  public GivenSessions(KeyValueStore store, Clock clock, Lifespans lifespans) {
    this(store, clock, lifespans, HmacSecrets.ephemeral(new SecureRandom()));
  }

  /** Those of a replica, which has its HMAC secrets in common with others. */
  public GivenSessions(KeyValueStore store, Clock clock, Lifespans lifespans, HmacSecrets secrets) {
    refreshTokens = OpaqueTokens.refreshTokens(secrets, random);
    codes = new AuthorizationCodes(store, OpaqueTokens.codes(secrets, random), lifespans.code());
    denials = new Denials(store, lifespans::denial, clock);
    sessions = new Sessions(store, denials, lifespans, clock);
    jwts = new JwtIssuer(ISSUER, signatures, lifespans, random, clock);
    tokens = new SessionTokens(sessions, refreshTokens, jwts, lifespans, random, clock, audit);
    verifier = new JwtVerifier(ISSUER, signatures, denials, clock);
  }

  /** What a login approved that asked for {@code scopes}. */
  public Authorization authorization(String scopes) {
    return new Authorization(
        OpaqueTokens.sessionId(random),
        CLIENT,
        "alice",
        Scopes.parse(scopes),
        List.of(RESOURCE, OTHER_RESOURCE),
        Map.of("default", "account"),
        new Authorization.Person(
            Optional.of("Alice"),
            Optional.of("alice@example.com"),
            true,
            Optional.of(Instant.parse("2026-11-23T11:55:00Z")),
            Optional.of("phr"),
            List.of("pwd", "otp")));
  }

  /** The content of a code that {@link #VERIFIER} proves. */
  public static AuthorizationCode code(Authorization authorization) {
    return new AuthorizationCode(
        authorization,
        REDIRECT_URI,
        Optional.of(PkceChallenge.of(VERIFIER)),
        Optional.of("the-nonce"));
  }

  /** The content of a code of a client that left the challenge out. */
  public static AuthorizationCode codeWithoutChallenge(Authorization authorization) {
    return new AuthorizationCode(
        authorization, REDIRECT_URI, Optional.empty(), Optional.of("the-nonce"));
  }

  /** A check that grants all that the session has. */
  public static SessionTokens.Wish everything(dev.keyturn.token.Session session) {
    return new SessionTokens.Wish(
        session.authorization().scopes(), session.authorization().resources().get(0));
  }

  /** What a token claims, whoever signed it. */
  public static JWTClaimsSet claims(String token) {
    try {
      return SignedJWT.parse(token).getJWTClaimsSet();
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }
}
