package dev.keyturn.keys;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;

/**
 * A block of a PEM text; whatever stands between the blocks is a comment.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-2">RFC 7468, section 2</a>
 */
record Pem(String label, Der content) {
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
        return new Pem(label, decode(base64.toString()));
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
        return new Pem(meaning, new Der(new byte[0]));
      }
    }
    throw half();
  }

  private static Der decode(String base64) {
    try {
      return new Der(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw Der.damaged(); // The cause would quote what it choked on.
    }
  }

  private static IllegalArgumentException half() {
    return PemKey.refusal(
        "a PEM block without its begin or its end", "the whole file, up to its END line");
  }
}
