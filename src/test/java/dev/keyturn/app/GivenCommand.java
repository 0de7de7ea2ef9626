package dev.keyturn.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** One run of the command line: what it printed and how it ended. */
record GivenCommand(int exit, String out, String err) {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

  /** Runs at noon. */
  static GivenCommand run(Object... arguments) {
    return run(NOON, arguments);
  }

  static GivenCommand run(Clock clock, Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var words = new String[arguments.length];
    for (var i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    var exit =
        Main.commands(factory(clock))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(words);
    return new GivenCommand(exit, out.toString(), err.toString());
  }

  private static IFactory factory(Clock clock) {
    return new IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        return type == KeysNewCommand.class
            ? type.cast(new KeysNewCommand(clock, new SecureRandom()))
            : CommandLine.defaultFactory().create(type);
      }
    };
  }
}
