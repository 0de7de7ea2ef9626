package dev.keyturn.bench;

import java.util.HashMap;
import java.util.Map;

/** What was given at the command line: a name, its value, and so on. */
record Options(Map<String, String> given) {
  static Options of(String... arguments) {
    var given = new HashMap<String, String>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " is no option with a value");
      }
      given.put(arguments[i].substring(2), arguments[i + 1]);
    }
    return new Options(given);
  }

  String text(String name, String otherwise) {
    return given.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(given.getOrDefault(name, String.valueOf(otherwise)));
  }
}
