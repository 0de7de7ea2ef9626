package dev.keyturn.app;

/** Chooses our own logging configuration, unless the operator brings one. */
final class Logging {
  private static final String PROPERTY = "logback.configurationFile";

  private Logging() {}

  /** Must run before anything logs. */
  static void configure() {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, "dev/keyturn/app/logback.xml");
    }
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
  }
}
