package dev.keyturn.operator.admission;

import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.rules.Lookup;
import dev.keyturn.operator.rules.Reference;
import dev.keyturn.operator.rules.Rules;
import java.util.List;

/** What is right and wrong about a resource. */
public interface Rulebook {
  /** What a resource names in its namespace. */
  List<Reference> references(Subject subject);

  /** What is to be said of a resource beside the rest of its namespace. Takes its time. */
  List<Remark> judge(Subject subject, Lookup around);

  /** The one that the reconciler and the run configuration go by, too. */
  static Rulebook of(Rules rules) {
    return new Rulebook() {
      @Override
      public List<Reference> references(Subject subject) {
        return subject instanceof Subject.Config one
            ? rules.references(one.config())
            : rules.references(((Subject.Server) subject).server());
      }

      @Override
      public List<Remark> judge(Subject subject, Lookup around) {
        return subject instanceof Subject.Config one
            ? rules.judge(one.config(), around)
            : rules.judge(((Subject.Server) subject).server(), around);
      }
    };
  }
}
