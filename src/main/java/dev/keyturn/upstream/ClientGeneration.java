package dev.keyturn.upstream;

import dev.keyturn.crypto.Digest;

/** Stands for the client that tokens were given to, wherever its name has no place. */
public final class ClientGeneration {
  private ClientGeneration() {}

  /** That of the client of that name at its provider. */
  public static String of(String clientId) {
    return Digest.of("client " + clientId);
  }
}
