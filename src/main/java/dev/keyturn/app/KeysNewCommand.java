package dev.keyturn.app;

import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code keys new}: makes a signing key. */
@Command(
    name = "new",
    description = {
      "Makes a signing key: a private key, PKCS#8 in PEM, that only you may read.",
      "Without an option the key goes to standard output, and nothing else does.",
      "A curve fixes the algorithm. An RSA key (3072 bits) signs RS256 unless the setting"
          + " signing_key_config.algorithm says otherwise."
    },
    mixinStandardHelpOptions = true)
final class KeysNewCommand implements Callable<Integer> {
  private final Clock clock;
  private final SecureRandom random;

  @Option(
      names = "--algorithm",
      paramLabel = "ALGORITHM",
      defaultValue = "ES256",
      completionCandidates = Names.class,
      converter = Named.class,
      description =
          "What the key signs under: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private @Nullable SigningAlgorithm algorithm;

  @ArgGroup private @Nullable Target target;

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      description = "The namespace of the Secret; only with --secret.")
  private @Nullable String namespace;

  @Spec private @Nullable CommandSpec spec;

  KeysNewCommand() {
    this(Clock.systemUTC(), new SecureRandom());
  }

  KeysNewCommand(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** Where the key goes; one of them at most. */
  static final class Target {
    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Writes the key to FILE, mode 0600; a file that is there is never replaced.")
    private @Nullable Path out;

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description =
            "Writes the key to DIR as YYYYMMDDTHHMMSSZ-<kid8>.pem, so that the newest key is the"
                + " last by name.")
    private @Nullable Path dir;

    @Option(
        names = "--secret",
        paramLabel = "NAME",
        description =
            "Prints a Kubernetes Secret with the key, named as with --dir, a new HMAC secret and a new"
                + " vault key.")
    private @Nullable String secret;
  }

  @Override
  public Integer call() throws IOException {
    var where = Optional.ofNullable(target).orElseGet(Target::new);
    var manifest = manifest(where);
    var key = NewKey.make(Objects.requireNonNull(algorithm), random);
    var file =
        Optional.ofNullable(where.out)
            .or(
                () ->
                    Optional.ofNullable(where.dir)
                        .map(dir -> dir.resolve(key.fileName(clock.instant()))));
    if (file.isPresent()) {
      PrivateFile.write(file.get(), key.pem());
      say(file.get() + "\n");
    } else {
      say(manifest.isPresent() ? manifest.get().with(key, clock.instant(), random) : key.pem());
    }
    describe(key);
    return 0;
  }

  private Optional<SecretManifest> manifest(Target where) {
    if (where.secret == null && namespace != null) {
      throw new ParameterException(command(), "--namespace goes with --secret");
    }
    try {
      return Optional.ofNullable(where.secret)
          .map(name -> new SecretManifest(name, Optional.ofNullable(namespace)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command(), String.valueOf(e.getMessage()), e);
    }
  }

  private void say(String text) {
    command().getOut().print(text);
    command().getOut().flush();
  }

  private void describe(NewKey key) {
    var name = key.key().algorithm().wire();
    var err = command().getErr();
    err.println("kid " + key.key().kid() + ", " + name);
    if (name.matches("[RP]S.*") && key.key().algorithm() != SigningAlgorithm.RS256) {
      err.println("It signs " + name + " with the setting signing_key_config.algorithm: " + name);
    }
    err.flush();
  }

  private picocli.CommandLine command() {
    return Objects.requireNonNull(spec).commandLine();
  }

  /** The registered names, for the help. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(SigningAlgorithm.values()).map(SigningAlgorithm::wire).iterator();
    }
  }

  /** Reads a registered name; another word is a mistake of the command line. */
  static final class Named implements ITypeConverter<SigningAlgorithm> {
    @Override
    public SigningAlgorithm convert(String value) {
      return SigningAlgorithm.named(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + value + "' is none of " + String.join(", ", new Names())));
    }
  }
}
