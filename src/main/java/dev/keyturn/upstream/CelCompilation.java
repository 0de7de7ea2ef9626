package dev.keyturn.upstream;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntime.Program;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Optional;

/** The compiler for expressions over {@code claims}, and the bounds within which they run. */
final class CelCompilation {
  static final String CLAIMS = "claims";
  static final int MAX_LENGTH = 4096;

  private static final int MAX_ROUNDS = 2000;
  private static final int MAX_PATTERN = 200;

  private final CelCompiler compiler;
  private final CelRuntime runtime;

  CelCompilation() {
    var options =
        CelOptions.current()
            .maxExpressionCodePointSize(MAX_LENGTH)
            .maxParseRecursionDepth(32)
            .comprehensionMaxIterations(MAX_ROUNDS)
            .maxRegexProgramSize(MAX_PATTERN)
            .enableHeterogeneousNumericComparisons(true)
            .build();
    compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(options)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar(CLAIMS, MapType.create(SimpleType.STRING, SimpleType.DYN))
            .build();
    runtime = CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(options).build();
  }

  /** Compiles an expression that must come to a bool. */
  Compiled compile(String text) {
    try {
      var tree = compiler.compile(text).getAst();
      var issue = notBool(tree).or(() -> new CelPatterns(compiler, runtime).firstIssue(tree));
      return issue.isPresent()
          ? new Compiled(Optional.empty(), issue)
          : new Compiled(Optional.of(runtime.createProgram(tree)), Optional.empty());
    } catch (CelValidationException e) {
      return new Compiled(Optional.empty(), e.getErrors().stream().findFirst());
    } catch (CelEvaluationException e) {
      return new Compiled(Optional.empty(), Optional.of(issue(1, 0, "cannot be evaluated")));
    }
  }

  /** A program, or the first thing that is wrong. */
  record Compiled(Optional<Program> program, Optional<CelIssue> issue) {}

  private static Optional<CelIssue> notBool(CelAbstractSyntaxTree tree) {
    var type = tree.getResultType();
    return type.equals(SimpleType.BOOL)
        ? Optional.empty()
        : Optional.of(
            issue(1, 0, "must be a bool and is of type " + type.name() + ": compare it, as by =="));
  }

  static CelIssue issue(int line, int column, String message) {
    return CelIssue.formatError(line, column, message);
  }
}
