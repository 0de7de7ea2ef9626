package dev.keyturn.store.file;

import java.util.Optional;
import org.h2.mvstore.Page;

/**
 * Copies what can be read of a damaged file into a new one.
 *
 * <p>It walks the tree of pages by itself: a page that cannot be read costs what lies below it, and
 * nothing else.
 */
final class Salvage {
  private static final int COMMIT_EVERY = 4096;
  private static final int DEEPEST = 64;

  private final Entries from;
  private final DataFile to;
  private int saved;
  private int lostPages;

  private Salvage(Entries from, DataFile to) {
    this.from = from;
    this.to = to;
  }

  /** Copies everything; tells how many pages were lost. */
  static int copy(Entries from, DataFile to) {
    var salvage = new Salvage(from, to);
    salvage.visit(from.file().entries().getRootPage(), 0);
    to.commit();
    return salvage.lostPages;
  }

  private void visit(Page<String, byte[]> page, int depth) {
    if (page.isLeaf()) {
      leaf(page);
    } else {
      for (int i = 0; i <= page.getKeyCount(); i++) {
        child(page, i, depth + 1).ifPresent(below -> visit(below, depth + 1));
      }
    }
  }

  private Optional<Page<String, byte[]>> child(Page<String, byte[]> page, int index, int depth) {
    try {
      if (depth < DEEPEST) {
        return Optional.of(page.getChildPage(index));
      }
    } catch (RuntimeException e) {
      // Whatever a damaged page does to the one who reads it, it is lost. But were the disk away,
      // the copy would be empty, and would replace what is only out of reach.
      if (Failure.isAway(e)) {
        throw e;
      }
    }
    lostPages++;
    return Optional.empty();
  }

  private void leaf(Page<String, byte[]> page) {
    for (int i = 0; i < page.getKeyCount(); i++) {
      save(page.getKey(i), page.getValue(i));
    }
  }

  private void save(String key, byte[] bytes) {
    if (Entry.decode(key, bytes).isEmpty()) {
      from.tellDamage(key);
      return;
    }
    to.write(key, bytes);
    if (++saved % COMMIT_EVERY == 0) {
      to.commit();
    }
  }
}
