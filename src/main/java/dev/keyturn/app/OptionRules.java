package dev.keyturn.app;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the options of {@code operator} may be; every complaint names its option.
 *
 * <p>Most of them become part of objects that the API server would refuse, one for each resource
 * and long after the start.
 */
final class OptionRules {
  private static final int MAX_PORT = 65_535;
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][-A-Za-z0-9._/:@]{0,511}");

  /** A host's name as a rule; it stands in the Lease, in events and in a header. */
  private static final Pattern IDENTITY = Pattern.compile("[A-Za-z0-9]([-._A-Za-z0-9]{0,251})");

  private static final Set<String> RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

  /** As the definition of MCPServer has it. */
  private static final Pattern QUANTITY =
      Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,6})?(m|Ki|Mi|Gi|Ti|k|M|G|T)?");

  private OptionRules() {}

  /** The names that are there; a variable that is there and empty names none. */
  static List<String> namespaces(String option, List<String> names) {
    var some = names.stream().filter(name -> !name.isBlank()).toList();
    some.forEach(name -> namespace(option, name));
    return some;
  }

  static String namespace(String option, String name) {
    return matching(NAMESPACE, name, option + ": '" + name + "' is the name of no namespace");
  }

  static String image(String option, String name) {
    return matching(IMAGE, name, option + ": '" + name + "' is the name of no image");
  }

  static String identity(String option, String name) {
    return matching(
        IDENTITY,
        name,
        option + ": '" + name + "' must be letters, digits, dots and dashes, as a host's name is");
  }

  static int port(String option, int port) {
    require(port >= 0 && port <= MAX_PORT, option + " must be between 0 and 65535");
    return port;
  }

  static Map<String, String> amounts(String option, Map<String, String> amounts) {
    amounts.forEach(
        (name, amount) -> {
          require(
              RESOURCES.contains(name),
              option + ": '" + name + "' must be cpu, memory or ephemeral-storage");
          matching(
              QUANTITY,
              amount,
              option
                  + ": '"
                  + amount
                  + "' must be a number with a unit, such as 500m or 128Mi, for "
                  + name);
        });
    return amounts;
  }

  private static String matching(Pattern pattern, String value, String complaint) {
    require(pattern.matcher(value).matches(), complaint);
    return value;
  }

  private static void require(boolean holds, String complaint) {
    if (!holds) {
      throw new IllegalArgumentException(complaint);
    }
  }
}
