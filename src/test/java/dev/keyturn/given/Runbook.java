package dev.keyturn.given;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A document whose shell commands are meant to be run, in their order. */
public record Runbook(List<Block> blocks) {
  private static final Pattern PART =
      Pattern.compile("^## (.+)$|^```sh ?(.*)\\n((?s:.*?))^```$", Pattern.MULTILINE);

  public Runbook {
    blocks = List.copyOf(blocks);
  }

  /** Reads the blocks of {@code sh} that are for everybody, or for that layout. */
  public static Runbook of(Path document, String layout) {
    var blocks = new ArrayList<Block>();
    var parts = PART.matcher(text(document));
    var section = "";
    while (parts.find()) {
      if (parts.group(1) != null) {
        section = parts.group(1);
      } else if (parts.group(2).isEmpty() || parts.group(2).equals(layout)) {
        blocks.add(new Block(section, parts.group(3)));
      }
    }
    return new Runbook(blocks);
  }

  /** The sections that have commands, in their order. */
  public List<String> sections() {
    return blocks.stream().map(Block::section).distinct().toList();
  }

  /** The commands of a section. */
  public List<String> of(String section) {
    return blocks.stream()
        .filter(block -> block.section().equals(section))
        .map(Block::commands)
        .toList();
  }

  private static String text(Path document) {
    try {
      return Files.readString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commands that are run together. */
  public record Block(String section, String commands) {}
}
