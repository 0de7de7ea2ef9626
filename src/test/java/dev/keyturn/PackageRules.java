package dev.keyturn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The rows of packages below one root, and what follows from them.
 *
 * <p>A package uses only packages of earlier rows. What is listed nowhere is refused, so that a new
 * package is a decision.
 */
record PackageRules(String root) {
  static final List<List<String>> ROWS =
      List.of(
          List.of("oauth", "config"),
          List.of("bus", "http", "crypto"),
          List.of("secrets", "store", "audit"),
          List.of("keys"),
          List.of("client", "upstream", "user"),
          List.of("token", "vault"),
          List.of(
              "authorize",
              "grant",
              "registration",
              "discovery",
              "revocation",
              "introspection",
              "userinfo",
              "logout",
              "device",
              "gateway"),
          List.of("server"),
          List.of("idp", "mcp", "operator", "doctor"),
          List.of("demo"),
          List.of("app"));

  private static final int SERVER = 7;

  /** Methods by their class that everybody in a process feels. */
  private static final Map<String, Set<String>> FOR_EVERYBODY =
      Map.of(
          "java.lang.System",
          Set.of("exit", "setProperty", "setProperties", "clearProperty", "setOut", "setErr"),
          "java.lang.Runtime",
          Set.of("exit", "halt", "addShutdownHook"),
          "java.security.Security",
          Set.of("addProvider", "insertProviderAt", "removeProvider", "setProperty"),
          "java.lang.Thread",
          Set.of("setDefaultUncaughtExceptionHandler"),
          "java.util.Locale",
          Set.of("setDefault"),
          "java.util.TimeZone",
          Set.of("setDefault"));

  /** Earlier rows only: neither a later row, nor a neighbour of the same one. */
  ArchRule earlierRowsOnly() {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(useOnlyEarlierRows())
        .allowEmptyShould(true);
  }

  /** No ring, not even within a concept. */
  ArchRule noRings() {
    return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
  }

  /** What plays an identity provider or an MCP server is for the demonstration. */
  ArchRule rolesForTheDemonstrationOnly() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(root + ".demo..", root + ".idp..", root + ".mcp..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(root + ".idp..", root + ".mcp..")
        .allowEmptyShould(true);
  }

  /** The embeddable core stays free of the command line, of Kubernetes, of a logging backend. */
  ArchRule coreWithoutOptionalLibraries() {
    return noClasses()
        .that()
        .resideInAnyPackage(core())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "picocli..",
            "io.fabric8..",
            "io.javaoperatorsdk..",
            "io.kubernetes..",
            "io.vertx.config..",
            "ch.qos.logback..")
        .allowEmptyShould(true);
  }

  /** The embeddable core leaves somebody's JVM as it is. */
  ArchRule coreChangesNoJvm() {
    return noClasses()
        .that()
        .resideInAnyPackage(core())
        .should()
        .callMethodWhere(changesTheJvm())
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaMethodCall> changesTheJvm() {
    return DescribedPredicate.describe(
        "it changes the JVM for everybody",
        call ->
            FOR_EVERYBODY
                .getOrDefault(call.getTargetOwner().getName(), Set.of())
                .contains(call.getName()));
  }

  private String[] core() {
    return ROWS.subList(0, SERVER + 1).stream()
        .flatMap(List::stream)
        .map(name -> root + "." + name + "..")
        .toArray(String[]::new);
  }

  private ArchCondition<JavaClass> useOnlyEarlierRows() {
    return new ArchCondition<>("stand in a listed package and use only earlier rows") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        if (row(origin) < 0) {
          events.add(
              SimpleConditionEvent.violated(
                  origin, origin.getName() + " stands in a package that no row lists"));
        }
        origin.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> isWrong(dependency))
            .map(dependency -> SimpleConditionEvent.violated(origin, dependency.getDescription()))
            .forEach(events::add);
      }
    };
  }

  private boolean isWrong(Dependency dependency) {
    var origin = dependency.getOriginClass();
    var target = dependency.getTargetClass().getBaseComponentType();
    return target.getPackageName().startsWith(root + ".")
        && !concept(origin).equals(concept(target))
        && row(target) >= row(origin);
  }

  private static int row(String concept) {
    return IntStream.range(0, ROWS.size())
        .filter(row -> ROWS.get(row).contains(concept))
        .findFirst()
        .orElse(-1);
  }

  private int row(JavaClass type) {
    return row(concept(type));
  }

  /** The first segment below the root: {@code store} of {@code dev.keyturn.store.redis}. */
  private String concept(JavaClass type) {
    var name = type.getPackageName();
    return name.startsWith(root + ".") ? name.substring(root.length() + 1).split("\\.", 2)[0] : "";
  }
}
