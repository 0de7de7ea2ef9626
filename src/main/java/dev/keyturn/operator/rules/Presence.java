package dev.keyturn.operator.rules;

import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import dev.keyturn.operator.rules.Reference.Kind;
import java.util.List;
import java.util.Optional;

/** Finds what a resource names and what is not there. */
record Presence(Namespace namespace) {
  /**
   * One remark for each reference that leads nowhere. Configs are no part of it: whether those are
   * there is found where it is found out what they are for.
   */
  List<Remark> missing(String object, List<Reference> references) {
    return references.stream()
        .filter(reference -> reference.kind() != Kind.CONFIG)
        .flatMap(
            reference -> complaint(reference).map(text -> of(object, reference, text)).stream())
        .toList();
  }

  private static Remark of(String object, Reference reference, String complaint) {
    return new Remark(
        Weight.PENDING,
        object,
        reference.field(),
        "names " + complaint + ", which is not there",
        "nothing runs until it is");
  }

  private Optional<String> complaint(Reference reference) {
    var what = reference.kind() == Kind.SECRET ? "Secret " : "ConfigMap ";
    var key = reference.key().orElse("");
    var keys =
        reference.kind() == Kind.SECRET
            ? namespace.around().secret(namespace.name(), reference.name()).map(all -> all.keySet())
            : namespace
                .around()
                .configMap(namespace.name(), reference.name())
                .map(all -> all.keySet());
    if (keys.isEmpty()) {
      return Optional.of(what + reference.name());
    }
    return keys.get().contains(key)
        ? Optional.empty()
        : Optional.of("key " + key + " of " + what + reference.name());
  }
}
