package dev.keyturn.app;

import dev.keyturn.demo.Demo;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: the whole flow on loopback. */
@Command(
    name = "demo",
    description =
        "Runs everything on loopback without a configuration: an identity provider with a login"
            + " page, the authorization server, the gateway, and an MCP server with two tools.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the MCP URL; 0 for any free one (default: ${DEFAULT-VALUE}).",
      defaultValue = "8080")
  private int port;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Ports.require(spec, port);
    var process = RunningServer.inMemory();
    var demo = new Demo(process.vertx(), process.means());
    var url = process.started(demo.start(port));
    var out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
    out.println();
    out.println("MCP URL: " + url);
    out.println("Log in as: " + Demo.USERNAME + " / " + Demo.PASSWORD);
    out.println();
    out.println("Give the URL to an MCP client, for example:");
    out.println("  claude mcp add --transport http keyturn-demo " + url);
    out.println("Everything is in memory and on this machine only. Ctrl-C stops it.");
    out.flush();
    process.runUntilStopped(demo::stop);
    return 0;
  }
}
