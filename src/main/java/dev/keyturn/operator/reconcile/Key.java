package dev.keyturn.operator.reconcile;

import java.util.Locale;

/** An object by its name. */
record Key(Kind kind, String namespace, String name) {
  static Key config(String namespace, String name) {
    return new Key(Kind.CONFIG, namespace, name);
  }

  static Key server(String namespace, String name) {
    return new Key(Kind.SERVER, namespace, name);
  }

  /** For logs. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + namespace + "/" + name;
  }
}
