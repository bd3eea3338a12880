package resolver.control;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code flush name NAME|subtree NAME|negative|all}: has the cache forget. */
public final class FlushCommand implements ControlCommand {
  private static final Logger LOG = LoggerFactory.getLogger(FlushCommand.class);

  private final Flushing flushing;
  private final LongSupplier kept;

  /** What can be forgotten, with the failures and the lookups under way. */
  public interface Flushing {
    /** A name, and nothing below it. */
    void name(byte[] name);

    /** A name and all names below it. */
    void subtree(byte[] name);

    /** What says that something does not exist, and all failures. */
    void negatives();

    /** Everything. */
    void all();
  }

  /**
   * Has a cache forget.
   *
   * @param kept how many answers and failures there are
   */
  public FlushCommand(Flushing flushing, LongSupplier kept) {
    this.flushing = flushing;
    this.kept = kept;
  }

  @Override
  public String name() {
    return "flush";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    long before = kept.getAsLong();
    flush(words);
    long after = kept.getAsLong();
    long gone = Math.max(0, before - after);
    String what = String.join(" ", words);
    LOG.info("flushed by the control socket: {}; {} entries", what, gone);
    out.object(
        json -> {
          json.name("schema").value(1);
          json.name("flushed").value(what);
          json.name("entries").value(gone);
          json.name("entriesLeft").value(after);
        });
  }

  private void flush(List<String> words) {
    String what = words.isEmpty() ? "" : words.get(0);
    boolean named = what.equals("name") || what.equals("subtree");
    if (words.size() == (named ? 2 : 1)) {
      switch (what) {
        case "name" -> {
          flushing.name(Words.name(words.get(1)));
          return;
        }
        case "subtree" -> {
          flushing.subtree(Words.name(words.get(1)));
          return;
        }
        case "negative" -> {
          flushing.negatives();
          return;
        }
        case "all" -> {
          flushing.all();
          return;
        }
        default -> {}
      }
    }
    throw new ControlException(
        "flush: " + words + " (expected: name NAME, subtree NAME, negative, or all)");
  }
}
