package dev.keyturn.app;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code java -jar keyturn.jar COMMAND}. */
@Command(
    name = "keyturn",
    description = "An OAuth 2.1 authorization server and gateway beside an MCP server.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      CheckCommand.class,
      KeysCommand.class,
      CrdCommand.class,
      ConvertCommand.class,
      OperatorCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:fine",
      "1:the configuration or the environment is wrong",
      "2:the command line is wrong"
    })
public final class Main implements Runnable {
  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  private Main() {}

  /** Runs one command and leaves with its exit code. */
  public static void main(String[] arguments) {
    Logging.configure();
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return commands(CommandLine.defaultFactory()).execute(arguments);
  }

  /** All commands; {@code factory} makes them. */
  static CommandLine commands(IFactory factory) {
    return new CommandLine(new Main(), factory)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println("keyturn: " + Failures.inWords(failure));
              return 1;
            });
  }

  @Override
  public void run() {
    var command = java.util.Objects.requireNonNull(spec).commandLine();
    throw new ParameterException(command, "Name a command.");
  }

  /** The version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion());
      return new String[] {"keyturn " + version.orElse("(not packaged)")};
    }
  }
}
