package dev.keyturn.app;

import java.net.BindException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;

/** Says in one line what went wrong, for somebody who will not read a stack trace. */
final class Failures {
  private Failures() {}

  static String inWords(Throwable failure) {
    var cause =
        failure instanceof ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof BindException) {
      return "the port is taken or the address is not ours: choose another with --port or"
          + " --host, or server.port and server.management_port ("
          + cause.getMessage()
          + ")";
    }
    if (cause instanceof NoSuchFileException missing) {
      return "there is no file " + missing.getFile();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
