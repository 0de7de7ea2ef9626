package dev.keyturn.secrets;

import dev.keyturn.crypto.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** What was found where a reader asked. */
sealed interface Answer {
  /** Equal for equal answers, and useless to whoever wants to know a secret. */
  String mark();

  byte[] content() throws IOException;

  List<Path> listing() throws IOException;

  /** The content of a file. */
  final class Content implements Answer {
    private final byte[] content;

    Content(byte[] content) {
      this.content = content;
    }

    /** A copy, so that nobody changes what the next one reads. */
    @Override
    public byte[] content() {
      return content.clone();
    }

    @Override
    public List<Path> listing() throws IOException {
      throw new IOException("not a directory");
    }

    @Override
    public String mark() {
      return "content " + Base64.getEncoder().encodeToString(Digest.of(content));
    }
  }

  /** The files of a directory. */
  record Listing(List<Path> listing) implements Answer {
    public Listing {
      listing = List.copyOf(listing);
    }

    @Override
    public byte[] content() throws IOException {
      throw new IOException("not a file");
    }

    @Override
    public String mark() {
      var names = listing.stream().map(Path::toString).collect(Collectors.joining("\0"));
      return "listing "
          + Base64.getEncoder().encodeToString(Digest.of(names.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Why there is nothing. */
  record Failure(IOException cause) implements Answer {
    @Override
    public byte[] content() throws IOException {
      throw cause;
    }

    @Override
    public List<Path> listing() throws IOException {
      throw cause;
    }

    @Override
    public String mark() {
      return "failure "
          + cause.getClass().getName()
          + (cause instanceof UnfitFileException ? " " + cause.getMessage() : "");
    }
  }
}
