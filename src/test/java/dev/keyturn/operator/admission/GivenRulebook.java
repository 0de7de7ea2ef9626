package dev.keyturn.operator.admission;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import dev.keyturn.operator.rules.Lookup;
import dev.keyturn.operator.rules.Reference;
import dev.keyturn.operator.rules.Reference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A rulebook that names what it is told to and says what it is told to. */
final class GivenRulebook implements Rulebook {
  static final String FIELD = "spec.bearerToken.tokenSecretRef";

  final List<Reference> references = new CopyOnWriteArrayList<>();

  /** What was around when it was asked. */
  final List<Lookup> asked = new CopyOnWriteArrayList<>();

  volatile Function<Lookup, List<Remark>> verdict = around -> List.of();

  static Reference secret(String name) {
    return new Reference(Kind.SECRET, name, Optional.of("token"), FIELD);
  }

  static Remark remark(Weight weight, String message, String remedy) {
    return new Remark(weight, ExternalAuthConfig.KIND + "/out", FIELD, message, remedy);
  }

  @Override
  public List<Reference> references(Subject subject) {
    return new ArrayList<>(references);
  }

  @Override
  public List<Remark> judge(Subject subject, Lookup around) {
    asked.add(around);
    return verdict.apply(around);
  }
}
