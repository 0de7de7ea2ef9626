package dev.keyturn.app;

import dev.keyturn.operator.Definitions;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code crd}: prints the definitions of our Kubernetes resources. */
@Command(
    name = "crd",
    description = {
      "Prints the definitions of MCPExternalAuthConfig and MCPServer for Kubernetes 1.30 or later:",
      "java -jar keyturn.jar crd | kubectl apply --server-side -f -"
    },
    mixinStandardHelpOptions = true)
final class CrdCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(Definitions.yaml());
    out.flush();
    return 0;
  }
}
