package dev.keyturn.upstream;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;

/**
 * What one evaluation may cost: a unit for each step, and one for each character that it yields.
 *
 * <p>Every operand is paid for before the operation on it, so that patterns over long texts and
 * loops within loops end. CEL itself bounds only the number of rounds.
 */
final class CelBudget implements CelEvaluationListener {
  private static final long UNITS = 200_000;

  private long spent;

  @Override
  public void callback(CelExpr expression, Object result) {
    spent += 1 + (result instanceof String text ? text.length() : 0);
    if (isSpent()) {
      throw new IllegalStateException("the budget of an expression is spent");
    }
  }

  /** Also after an operator such as {@code ||} has swallowed the failure. */
  boolean isSpent() {
    return spent > UNITS;
  }
}
