package dev.keyturn.idp;

import java.time.Instant;

/** What an access token of this provider stands for; the token itself is not part of it. */
public record LiveToken(String subject, String name, Instant expiresAt) {}
