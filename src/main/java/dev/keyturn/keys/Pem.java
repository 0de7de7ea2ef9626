package dev.keyturn.keys;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A block of a PEM text; whatever stands between the blocks is a comment.
 *
 * @param base64 what it holds, not decoded yet
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-2">RFC 7468, section 2</a>
 */
record Pem(String label, String base64) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

  /** All blocks of {@code file}, in order; a block that lacks its begin or its end is refused. */
  static List<Pem> blocksOf(byte[] file) {
    var blocks = new ArrayList<Pem>();
    var lines = new String(file, StandardCharsets.ISO_8859_1).lines().map(String::strip).iterator();
    while (lines.hasNext()) {
      var line = lines.next();
      if (line.startsWith(END)) {
        throw half();
      }
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        var label = line.substring(BEGIN.length(), line.length() - DASHES.length());
        blocks.add(read(label, lines));
      }
    }
    return blocks;
  }

  private static Pem read(String label, Iterator<String> lines) {
    var base64 = new StringBuilder();
    while (lines.hasNext()) {
      var line = lines.next();
      if (line.equals(END + label + DASHES)) {
        return new Pem(label, base64.toString());
      }
      if (line.startsWith(DASHES)) {
        throw half();
      }
      if (line.startsWith("Proc-Type:")) {
        return read(ENCRYPTED, label, lines);
      }
      base64.append(line);
    }
    throw half();
  }

  /** The passphrase forms of old have headers instead of a label; what they hold is not read. */
  private static Pem read(String meaning, String label, Iterator<String> lines) {
    while (lines.hasNext()) {
      if (lines.next().equals(END + label + DASHES)) {
        return new Pem(meaning, "");
      }
    }
    throw half();
  }

  /** The content; empty if it is no base64, since the exception would quote what it choked on. */
  Optional<byte[]> content() {
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Names the kind alone: the content may be a private key. */
  @Override
  public String toString() {
    return "Pem[" + label + "]";
  }

  private static IllegalArgumentException half() {
    return PemKey.refusal(
        "a PEM block without its begin or its end", "the whole file, up to its END line");
  }
}
