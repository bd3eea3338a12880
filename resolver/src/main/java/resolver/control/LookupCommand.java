package resolver.control;

import java.io.IOException;
import java.util.List;
import resolver.cache.AnswerCache;
import resolver.cache.FailureCache;
import resolver.clock.Ticker;
import resolver.query.Question;

/** {@code lookup NAME}: what the cache has of a name, of every type, and where it is from. */
public final class LookupCommand implements ControlCommand {
  private final AnswerCache cache;
  private final FailureCache failures;
  private final Ticker ticker;

  /** Looks into a cache. */
  public LookupCommand(AnswerCache cache, FailureCache failures, Ticker ticker) {
    this.cache = cache;
    this.failures = failures;
    this.ticker = ticker;
  }

  @Override
  public String name() {
    return "lookup";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException {
    if (words.size() != 1) {
      throw new ControlException("lookup: " + words + " (expected: one name)");
    }
    byte[] name = Words.name(words.get(0));
    out.object(
        json -> {
          json.name("schema").value(1);
          json.name("name").value(Question.of(name, 1, 1, false).nameText());
          Entries.answers(json, cache.entries(name), ticker.nanos());
          Entries.failures(json, failures.entries(name));
        });
  }
}
