package dev.keyturn.config;

import java.nio.file.Path;

/** Where a secret is; never the secret itself. */
public sealed interface SecretRef {
  /** The setting that names it, for messages. */
  String setting();

  /** A file whose content is the secret. */
  record File(String setting, Path path) implements SecretRef {}

  /** An environment variable whose value is the secret; read once, so it never changes live. */
  record Variable(String setting, String name) implements SecretRef {}
}
