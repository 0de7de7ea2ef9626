package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.objects.Settings;
import dev.keyturn.operator.rules.Rules;
import java.time.Clock;

/** What every look needs, however it asks and acts. */
record Means(Rules rules, Settings settings, Clock clock) {}
