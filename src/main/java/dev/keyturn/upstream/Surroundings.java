package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** What a provider's owner gives it to work with. */
record Surroundings(
    Vertx vertx, OutgoingHttp http, Clock clock, RandomGenerator random, Discovery.Pace pace) {}
