package dev.keyturn.mcp;

import java.time.Instant;
import java.util.Optional;

/** What the issuer of a bearer token says about it; the token itself is not part of it. */
public record TokenFacts(String subject, Optional<String> name, Instant expiresAt) {}
