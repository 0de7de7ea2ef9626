package dev.keyturn.secrets;

/**
 * What all files together said at one moment.
 *
 * @param number counts from 1 in this process, and means nothing in another one
 */
public record Generation<T>(long number, T value) {
  @Override
  public String toString() {
    return "Generation[" + number + "]";
  }
}
