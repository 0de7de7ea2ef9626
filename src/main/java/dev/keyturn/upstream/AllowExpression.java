package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.CelIssue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.keyturn.config.Settings;
import dev.keyturn.upstream.Allow.Refused;
import java.util.Map;
import java.util.Optional;

/**
 * An expression of an operator, compiled: what must be true of the claims, as in {@code allow.cel}.
 *
 * @see <a href="https://github.com/google/cel-spec/blob/master/doc/langdef.md">CEL, language
 *     definition</a>
 */
record AllowExpression(String text, Program program) {
  private static final String FIELD = "cel";

  /** Reads {@code cel} of {@code allow}; what does not compile is a finding with its place. */
  static Optional<AllowExpression> read(Settings allow) {
    return read(allow, FIELD);
  }

  /** Reads an expression of any name. */
  static Optional<AllowExpression> read(Settings settings, String field) {
    if (settings.isEmpty(field)) {
      settings.refuse(field, "must be an expression, or be left out");
    }
    return settings.text(field).flatMap(text -> compile(settings, field, text));
  }

  /** Two of the same text are one: a configuration that is read again has not changed. */
  @Override
  public boolean equals(Object other) {
    return other instanceof AllowExpression same && text.equals(same.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Why the expression does not let in whom {@code claims} are of; empty if it does. */
  Optional<Refused> refusal(ObjectNode claims) {
    var budget = new CelBudget();
    var cause =
        CelClaims.areTooMany(claims) ? Optional.of("claims_too_large") : judge(claims, budget);
    return (budget.isSpent() ? Optional.of("too_expensive") : cause)
        .map(word -> new Refused(FIELD, word));
  }

  private Optional<String> judge(ObjectNode claims, CelBudget budget) {
    try {
      var verdict = program.trace(Map.of(CelCompilation.CLAIMS, CelClaims.of(claims)), budget);
      return verdict.equals(true) ? Optional.empty() : Optional.of("not_true");
    } catch (CelEvaluationException | RuntimeException e) {
      // Whatever went wrong, nobody was found to be allowed; its words may quote claims.
      return Optional.of("evaluation_failed");
    }
  }

  private static Optional<AllowExpression> compile(Settings settings, String field, String text) {
    if (text.length() > CelCompilation.MAX_LENGTH) {
      settings.refuse(field, "must have at most " + CelCompilation.MAX_LENGTH + " characters");
      return Optional.empty();
    }
    var compiled = new CelCompilation().compile(text);
    compiled.issue().ifPresent(issue -> settings.refuse(field, complaint(issue)));
    return compiled.program().map(program -> new AllowExpression(text, program));
  }

  private static String complaint(CelIssue issue) {
    var place = issue.getSourceLocation();
    return "line %d, column %d: %s"
        .formatted(place.getLine(), place.getColumn() + 1, issue.getMessage());
  }
}
