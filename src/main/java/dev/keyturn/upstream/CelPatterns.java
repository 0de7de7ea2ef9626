package dev.keyturn.upstream;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.Optional;

/**
 * The patterns of {@code matches} in an expression, built once to see that they can be.
 *
 * <p>They stand in the expression itself. One that came out of a claim would be built before its
 * size could be judged, and a short text can be a very large pattern. CEL's own validator asks
 * another engine than the one that runs.
 */
record CelPatterns(CelCompiler compiler, CelRuntime runtime) {
  private static final String PATTERN = "pattern";

  /** The first pattern that is none, or is not there to be seen. */
  Optional<CelIssue> firstIssue(CelAbstractSyntaxTree tree) {
    return CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .map(CelNavigableExpr::expr)
        .filter(CelPatterns::isMatch)
        .flatMap(call -> complaint(call).map(words -> issue(tree, call, words)).stream())
        .findFirst();
  }

  private static boolean isMatch(CelExpr expression) {
    return expression.getKind() == Kind.CALL && expression.call().function().equals("matches");
  }

  private Optional<String> complaint(CelExpr call) {
    var arguments = call.call().args();
    var pattern = arguments.get(arguments.size() - 1);
    return pattern.getKind() == Kind.CONSTANT
        ? whyNotBuilt(pattern.constant().stringValue())
        : Optional.of("the pattern of matches must be a text in quotes");
  }

  private Optional<String> whyNotBuilt(String pattern) {
    try {
      var tree =
          compiler
              .toCompilerBuilder()
              .addVar(PATTERN, SimpleType.STRING)
              .build()
              .compile("''.matches(" + PATTERN + ")")
              .getAst();
      var built = runtime.createProgram(tree).eval(Map.of(PATTERN, pattern));
      return built instanceof Boolean ? Optional.empty() : Optional.of("is no pattern");
    } catch (CelValidationException | CelEvaluationException e) {
      var reason = e.getCause() == null ? e : e.getCause();
      return Optional.of(String.valueOf(reason.getMessage()));
    }
  }

  private static CelIssue issue(CelAbstractSyntaxTree tree, CelExpr call, String words) {
    var offset = tree.getSource().getPositionsMap().getOrDefault(call.id(), 0);
    return tree.getSource()
        .getOffsetLocation(offset)
        .map(at -> CelIssue.formatError(at, words))
        .orElseGet(() -> CelIssue.formatError(1, 0, words));
  }
}
