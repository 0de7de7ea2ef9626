package dev.keyturn.planted.http.b;

/** Planted: the other half of the ring. */
public record Other(java.util.List<dev.keyturn.planted.http.a.One> ones) {
  dev.keyturn.planted.http.a.One first() {
    return ones.get(0);
  }
}
