package dev.keyturn.given;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the {@link ApiServer} of this JVM, which is started for the first of them and stopped
 * after the last.
 *
 * <p>Its programs are in the folder that {@code KUBEBUILDER_ASSETS} names. Without it such tests
 * are skipped, on CI too: no registry that CI may ask has these programs. What the API server said
 * is recorded, and compared by tests that need none.
 */
public final class GivenApiServer implements ParameterResolver, ExecutionCondition {
  private static final Namespace HERE = Namespace.create(GivenApiServer.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return binaries().isPresent()
        ? ConditionEvaluationResult.enabled("an API server is at hand")
        : ConditionEvaluationResult.disabled(
            "skipped: KUBEBUILDER_ASSETS names no kube-apiserver, etcd and kubectl");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(ApiServer.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .getOrComputeIfAbsent(
            ApiServer.class, key -> ApiServer.start(binaries().orElseThrow()), ApiServer.class);
  }

  private static Optional<Path> binaries() {
    return Optional.ofNullable(System.getenv("KUBEBUILDER_ASSETS"))
        .map(Path::of)
        .filter(folder -> Files.isExecutable(folder.resolve("kube-apiserver")));
  }
}
